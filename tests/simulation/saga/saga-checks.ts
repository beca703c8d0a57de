import { invariant } from '@florin/primitives';
import { isFinal, type Saga, type SagaDefinition, type StepDefinition } from '@florin/saga';
import { must } from '../kernel/violation.ts';
import { type Definitions, definitionAt } from './definitions.ts';
import { CLEARING, type Ledger, shardOf } from './ledger.ts';
import type { SagaStore } from './saga-store.ts';

/** Where it can be seen what became of a saga. */
export interface Evidence {
  readonly store: SagaStore;
  readonly definitions: Definitions;
  readonly participants: ReadonlyMap<string, { readonly ledger: Ledger }>;
}

/** Operations that leave nothing in the books. */
const WITHOUT_EFFECT = new Set(['screen']);

/**
 * What has to hold of a saga from the moment it has ended, for ever: completed, each step is done exactly once and stands
 * (I7); compensated, nothing of it stands (I8). Nothing is held for it (I10), and a transfer has left clearing (I5).
 */
export function checkEnded(world: Evidence, saga: Saga): void {
  const definition = definitionAt(world.definitions, saga.type, saga.definitionVersion);
  const isDone = saga.status === 'completed';
  for (const step of definition.steps) {
    if (WITHOUT_EFFECT.has(step.do)) continue;
    const ledger = ledgerOf(world, saga, step);
    const effect = ledger.effect(saga.id, step.name);
    // A hold stands when it was posted; that it ended may also be because it ran out.
    const isPosted = ledger.holdOf(saga.id)?.state === 'posted';
    const standing = step.do === 'hold' ? Number(isPosted) : effect.do - effect.undo;
    must(standing === (isDone ? 1 : 0), isDone ? 'I7' : 'I8', saga.id, () => {
      return `${saga.status}, but ${step.name} was done ${effect.do} times and undone ${effect.undo}`;
    });
  }
  for (const { ledger } of world.participants.values()) {
    must(ledger.holdOf(saga.id)?.state !== 'open', 'I10', saga.id, () => `${ledger.name} holds money for what is over`);
  }
  if (saga.type !== 'transfer') return;
  const clearing = [...world.participants.values()].reduce((sum, { ledger }) => sum + ledger.clearingOf(saga.id), 0n);
  must(clearing === 0n, 'I5', saga.id, () => `${clearing} of it is left in clearing`);
}

/** At rest: every saga has ended rightly (I14), the logs are the truth (I11), no money was made or lost (I1, I13). */
export function checkAtRest(world: Evidence): void {
  let inClearing = 0n;
  for (const saga of world.store.all()) {
    must(
      isFinal(saga),
      'I14',
      saga.id,
      () => `it is ${saga.status} at ${saga.stepIndex}, and everything works: ${saga.attention}`,
    );
    checkEnded(world, saga);
    const definition = definitionAt(world.definitions, saga.type, saga.definitionVersion);
    if (saga.status === 'completed') inClearing += clearingAfter(definition, saga);
    checkNotice(world, saga, definition);
  }
  world.store.checkLogs();
  let actual = 0n;
  for (const { ledger } of world.participants.values()) {
    ledger.checkBooks();
    actual += ledger.account(CLEARING).balance;
  }
  must(actual === inClearing, 'I13', 'world', () => `clearing holds ${actual} and should hold ${inClearing}`);
}

/** I15: who is told, is told once, and only of what happened. */
function checkNotice(world: Evidence, saga: Saga, { steps }: SagaDefinition): void {
  for (const step of steps) {
    if (step.do !== 'notify') continue;
    const told = ledgerOf(world, saga, step).effect(saga.id, step.name).do;
    must(
      told === (saga.status === 'completed' ? 1 : 0),
      'I15',
      saga.id,
      () => `${saga.status}, and told ${told} times`,
    );
  }
}

function clearingAfter({ steps }: SagaDefinition, { input }: Saga): bigint {
  const amount = BigInt(String(input['amount']));
  let sum = 0n;
  for (const step of steps) {
    if (step.do === 'take' || step.do === 'post') sum += amount;
    if (step.do === 'credit' || step.do === 'credit-early') sum -= amount;
  }
  return sum;
}

export function ledgerOf(world: Evidence, saga: Saga, step: StepDefinition): Ledger {
  const accounts = saga.input['accounts'] as { readonly [step: string]: string };
  const name = step.participant === 'notices' ? 'notices' : shardOf(accounts[step.name] ?? '');
  return ledgerNamed(world, name);
}

export function ledgerNamed({ participants }: Pick<Evidence, 'participants'>, name: string): Ledger {
  const participant = participants.get(name);
  invariant(participant !== undefined, `there is a participant ${name}`);
  return participant.ledger;
}
