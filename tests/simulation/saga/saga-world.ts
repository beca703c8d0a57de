import { isFinal, type LoggedEvent, type Saga, type SagaCommand, type SagaReply } from '@florin/saga';
import type { Trace } from '../kernel/kind.ts';
import { Network } from '../kernel/network.ts';
import { Random } from '../kernel/random.ts';
import { Tally } from '../kernel/tally.ts';
import { Timeline } from '../kernel/timeline.ts';
import { must } from '../kernel/violation.ts';
import type { Core } from './core.ts';
import { type Definitions, definitionAt, drawDefinitions } from './definitions.ts';
import { drawFaults, type Faults, HEALED } from './faults.ts';
import { Instance } from './instance.ts';
import { Ledger, readOrder, SHARDS, shardOf } from './ledger.ts';
import { Participant } from './participant.ts';
import { checkEnded } from './saga-checks.ts';
import { SagaStore } from './saga-store.ts';
import type { Mark, Surroundings } from './surroundings.ts';

/** In August 2025. Any moment will do; the ids of sagas begin with theirs. */
const START_MS = 1_755_000_000_000;
const HOUR_MS = 3_600_000;
const CUSTOMERS_PER_SHARD = 3;

/** Everything there is in one run: two shards of the bank, two orchestrators that share a store, a network between them. */
export class SagaWorld implements Surroundings {
  readonly core: Core;
  readonly random: Random;
  readonly timeline = new Timeline(START_MS);
  readonly tally = new Tally();
  readonly definitions: Definitions;
  readonly network: Network;
  readonly store: SagaStore;
  readonly instances: readonly Instance[];
  readonly participants: ReadonlyMap<string, Participant>;
  faults: Faults;
  readonly #listener: Trace | undefined;
  readonly #answersSender: boolean;
  readonly #marks = new Map<string, Set<Mark>>();

  constructor(seed: number, core: Core, listener: Trace | undefined) {
    const random = new Random(seed);
    this.core = core;
    this.random = random;
    this.#listener = listener;
    this.faults = drawFaults(random);
    this.definitions = drawDefinitions(random, core.creditsLast);
    const onLoss = (id: string) => this.mark(id, 'delivery', 'a message is lost or late');
    this.network = new Network(this.timeline, random, this.faults, onLoss);
    this.store = new SagaStore({
      nowMs: () => this.timeline.nowMs,
      isFenced: core.isFenced,
      hasEventKey: core.hasEventKey,
      definitionOf: (saga) => definitionAt(this.definitions, saga.type, saga.definitionVersion),
      onWrite: (saga, events) => this.#written(saga, events),
    });
    this.participants = this.#openParticipants();
    this.instances = this.#openInstances();
    this.#answersSender = random.chance(0.5);
  }

  trace(subject: string, text: () => string): void {
    this.#listener?.(subject, () => `${String(this.timeline.nowMs - START_MS).padStart(7)} ${text()}`);
  }

  mark(sagaId: string, mark: Mark, why: string): void {
    this.trace(sagaId, () => why);
    const marks = this.#marks.get(sagaId);
    if (marks === undefined) this.#marks.set(sagaId, new Set([mark]));
    else marks.add(mark);
  }

  /** Who takes what comes from outside: anybody, and so it is with answers when there is a broker. */
  someInstance(): Instance {
    return this.random.pick(this.instances);
  }

  /** Everything works from now on. */
  heal(): void {
    this.faults = HEALED;
    this.network.faults = HEALED;
    for (const instance of this.instances) {
      instance.comesBack();
      instance.version = 2;
    }
    for (const participant of this.participants.values()) participant.comesBack();
  }

  #openParticipants(): ReadonlyMap<string, Participant> {
    const { random } = this;
    const onCommit = (sagaId: string) => {
      const saga = this.store.read(sagaId)?.saga;
      if (saga !== undefined && isFinal(saga)) checkEnded(this, saga);
    };
    const rules = { refusals: random.strength(0.3), onCommit };
    return new Map(
      [...SHARDS, 'notices'].map((name) => {
        const customers = Array.from(
          { length: name === 'notices' ? 0 : CUSTOMERS_PER_SHARD },
          (_, at) => `${name}-${at}`,
        );
        const ledger = new Ledger(name, customers, () => BigInt(random.between(0, 120)));
        return [name, new Participant(this, ledger, rules)];
      }),
    );
  }

  #openInstances(): readonly Instance[] {
    const { store, definitions } = this;
    const skewMs = this.random.chance(0.5) ? HOUR_MS : 0;
    const send = (command: SagaCommand, sender: Instance) => this.#send(command, sender);
    return [
      new Instance(this, { name: 'one', skewMs, store, definitions, send }),
      new Instance(this, { name: 'two', skewMs: -skewMs, store, definitions, send }),
    ];
  }

  /** Sends a command, and its answer back; each way is the network's. */
  #send(command: SagaCommand, sender: Instance): void {
    const { sagaId, branch, op, attempt } = command;
    const name = command.participant === 'notices' ? 'notices' : shardOf(readOrder(command).accountId);
    this.network.send(sagaId, () => {
      this.participants.get(name)?.receive(command, (outcome) => {
        const reply: SagaReply = { sagaId, branch, op, attempt, outcome };
        this.network.send(sagaId, () => {
          const taker = this.#answersSender ? sender : this.someInstance();
          taker.give(sagaId, () => ({ kind: 'reply', reply }));
        });
      });
    });
  }

  #written(saga: Saga, events: readonly LoggedEvent[]): void {
    for (const event of events) {
      this.tally.add(event.kind);
      if (event.kind === 'started') this.tally.add('sagas');
      if (event.kind === 'attention') this.#checkAttention(saga.id, event.reason);
      if (event.kind !== 'turned-back') continue;
      this.tally.add(`turned back: ${event.code}`);
      const isEarly = event.code === 'deadline-passed' && event.atMs < saga.deadlineAtMs;
      must(!isEarly, 'T1', saga.id, () => 'it turned back before its deadline');
    }
    if (isFinal(saga)) checkEnded(this, saga);
  }

  /** I6: people are asked only about what was made to go wrong. */
  #checkAttention(sagaId: string, reason: string): void {
    const needed = markBehind(reason);
    this.tally.add(`attention: ${needed}`);
    const isMarked = this.#marks.get(sagaId)?.has(needed) || this.#marks.get('world')?.has(needed);
    must(isMarked === true, 'I6', sagaId, () => `people are asked for nothing: ${reason}`);
  }
}

function markBehind(reason: string): Mark {
  if (/ can not be undone: |^left undone: /.test(reason)) return 'cannot-undo';
  if (/ is still pending after the deadline$/.test(reason)) return 'pending';
  if (/ was refused: rule$/.test(reason)) return 'refusal';
  return reason === 'it threw' ? 'poison' : 'delivery';
}
