import { uuidInBucket } from '@florin/primitives';
import type { JsonObject, Saga, SagaInput } from '@florin/saga';
import { definitionAt } from './definitions.ts';
import type { Instance } from './instance.ts';
import { SHARDS } from './ledger.ts';
import { ledgerNamed, ledgerOf } from './saga-checks.ts';
import type { SagaWorld } from './saga-world.ts';

const SAGAS_MIN = 4;
const SAGAS_MAX = 10;
/** By when the last saga has begun. */
const ASKING_MS = 15_000;
/** A client asks again until it must have been heard. */
const ASKED_TIMES = 3;
export const OPERATORS_EVERY_MS = 2_000;

const APPROVAL = { by: 'tessa', approvedBy: 'sam', reason: 'seen to', evidence: 'the books' } as const;

/** Customers who ask for things, call them off, are paid, and close accounts; and holds that run out. */
export function letPeopleAct(world: SagaWorld): void {
  const { random, timeline } = world;
  const cancelling = random.strength(0.5);
  const sagas = random.between(SAGAS_MIN, SAGAS_MAX);
  for (let count = 0; count < sagas; count += 1) {
    timeline.after(random.between(0, ASKING_MS), () => begin(world, cancelling));
  }
  for (const shard of SHARDS) {
    const ledger = ledgerNamed(world, shard);
    const customers = [...ledger.accounts].flatMap(([id, { isCustomers }]) => (isCustomers ? [id] : []));
    for (let count = 0; count < 4; count += 1) {
      const amount = BigInt(random.between(10, 80));
      timeline.after(random.between(0, 2 * ASKING_MS), () => ledger.payIn(random.pick(customers), amount));
    }
    if (random.chance(0.3)) timeline.after(random.between(0, 2 * ASKING_MS), () => ledger.expireHolds());
    if (random.chance(0.5)) {
      const id = random.pick(customers);
      timeline.after(random.between(0, ASKING_MS), () => {
        ledger.account(id).isClosed = true;
      });
    }
  }
}

function begin(world: SagaWorld, cancelling: number): void {
  const { random, timeline, network } = world;
  const type = random.chance(0.5) ? 'transfer' : random.pick([...world.definitions.keys()]);
  const bytes = Uint8Array.from({ length: 9 }, () => random.between(0, 255));
  const id = uuidInBucket(0, timeline.nowMs, bytes);
  const input = drawInput(world, type);
  for (let time = 0; time < ASKED_TIMES; time += 1) {
    timeline.after(time * 1_500, () => network.send(id, () => world.someInstance().start(id, type, input)));
  }
  if (!random.chance(cancelling)) return;
  timeline.after(random.between(0, 8_000), () => {
    network.send(id, () => {
      world.someInstance().give(id, () => ({ kind: 'cancel', actor: 'alice', reason: 'changed her mind' }));
    });
  });
}

/** Which account each step concerns, of whatever version of the definition. A transfer has one payer and one payee. */
function drawInput(world: SagaWorld, type: string): JsonObject {
  const { random } = world;
  const [here, there] = random.chance(0.5) ? SHARDS : [SHARDS[1], SHARDS[0]];
  const account = (shard: string) => `${shard}-${random.between(0, 2)}`;
  const [payer, payee] = [account(here), account(there)];
  const names = [1, 2].flatMap((version) =>
    definitionAt(world.definitions, type, version).steps.map((step) => step.name),
  );
  const accountOf = (name: string) => {
    if (type !== 'transfer') return account(random.pick(SHARDS));
    return name === 'credit' ? payee : payer;
  };
  const accounts = Object.fromEntries(names.map((name) => [name, accountOf(name)]));
  return { amount: String(random.between(10, 80)), accounts };
}

/**
 * Staff who look after sagas that ask for people. They do by hand what must be done, try again, or say that a step is settled when the books say so too;
 * in good times all of them, before that every now and then.
 */
export function lookAfterSagas(world: SagaWorld, diligence: number): void {
  const { random, store } = world;
  for (const id of store.unended) {
    const saga = store.read(id)?.saga;
    if (saga?.status !== 'needs_attention' || !random.chance(diligence)) continue;
    world.someInstance().give(id, (found) => remedy(world, found));
  }
}

function remedy(world: SagaWorld, saga: Saga): SagaInput | null {
  if (saga.status !== 'needs_attention') return null;
  doByHand(world, saga);
  const kind = isSettledInBooks(world, saga) && world.random.chance(0.5) ? 'resolve' : 'retry';
  return { kind, attentionSeq: saga.attentionSeq ?? 0, ...APPROVAL };
}

/** What must not be refused and was, people do by hand, and record it where the refusal was recorded. */
function doByHand(world: SagaWorld, saga: Saga): void {
  const step = definitionAt(world.definitions, saga.type, saga.definitionVersion).steps[saga.stepIndex];
  if (step?.kind !== 'retriable') return;
  const ledger = ledgerOf(world, saga, step);
  const record = ledger.records(saga.id, step.name).do;
  if (record?.outcome.kind !== 'rejected') return;
  const { id: sagaId, type: sagaType, input, outputs } = saga;
  const { name: branch, participant, do: operation } = step;
  const payload = { input, outputs };
  const command = { sagaId, sagaType, branch, op: 'do', attempt: 0, participant, operation, payload } as const;
  const work = ledger.work(command);
  ledger.commit(command, work, { do: { ...record, outcome: work.outcome } });
  world.trace(saga.id, () => `${branch} is done by hand`);
  world.tally.add('done by hand');
}

function isSettledInBooks(world: SagaWorld, saga: Saga): boolean {
  const step = definitionAt(world.definitions, saga.type, saga.definitionVersion).steps[saga.stepIndex];
  if (step === undefined) return false;
  const records = ledgerOf(world, saga, step).records(saga.id, step.name);
  return (saga.direction === 'forward' ? records.do : records.undo)?.outcome.kind === 'applied';
}

/** New versions are deployed while sagas run, to one instance after the other, and sometimes taken back. */
export function deploy(world: SagaWorld): void {
  const { random, timeline } = world;
  if (!random.chance(0.7)) return;
  for (const instance of world.instances) {
    const atMs = random.between(0, ASKING_MS);
    timeline.after(atMs, () => setVersion(instance, 2));
    if (random.chance(0.3)) timeline.after(atMs + random.between(0, ASKING_MS), () => setVersion(instance, 1));
  }
}

function setVersion(instance: Instance, version: number): void {
  instance.version = version;
}
