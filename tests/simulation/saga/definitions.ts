import { invariant } from '@florin/primitives';
import {
  checkDefinition,
  type RetryPolicy,
  type SagaDefinition,
  type StepDefinition,
  type StepKind,
} from '@florin/saga';
import type { Random } from '../kernel/random.ts';

/** What a step does to the books; the names are those of `ledger.ts`. */
const UNDO: Readonly<Record<string, string>> = { hold: 'void', take: 'give-back', 'credit-early': 'claw-back' };

export const ANSWER_MS = 1_000;
export const PAUSE_MS_MAX = 4_000;
export const STEPS_MAX = 6;

/** Definitions by type, then by version from 1 on. */
export type Definitions = ReadonlyMap<string, readonly SagaDefinition[]>;

/** The definition of a type in a version. */
export function definitionAt(definitions: Definitions, type: string, version: number): SagaDefinition {
  const definition = definitions.get(type)?.[version - 1];
  invariant(definition !== undefined, `there is a version ${version} of ${type}`);
  return definition;
}

/** The bank's transfer from shard to shard in two versions, and two kinds of saga that the seed makes up. */
export function drawDefinitions(random: Random, creditsLast: boolean): Definitions {
  const retry: RetryPolicy = {
    attemptsMax: random.between(2, 5),
    answerMs: ANSWER_MS,
    firstPauseMs: 200,
    factor: 2,
    pauseMsMax: PAUSE_MS_MAX,
  };
  const define = (type: string, version: number, parts: readonly (readonly [StepKind, string, string?])[]) => {
    const steps = parts.map(
      ([kind, operation, name], at): StepDefinition => ({
        name: name ?? `${operation}-${at}`,
        kind,
        participant: operation === 'notify' ? 'notices' : 'ledger',
        do: operation,
        undo: kind === 'compensatable' ? (UNDO[operation] ?? null) : null,
        retry,
      }),
    );
    const checked = checkDefinition({
      type,
      version,
      deadlineMs: random.between(3, 30) * 1_000,
      compensation: random.pick(['in-order', 'independent']),
      steps,
    });
    invariant(checked.ok, 'the simulation defines what can be run');
    return checked.value;
  };
  const transfer = (version: number, more: readonly (readonly [StepKind, string, string])[]) =>
    define('transfer', version, [
      ...(creditsLast ? [] : ([['compensatable', 'credit-early', 'credit']] as const)),
      ...more,
      ['compensatable', 'hold', 'hold'],
      ['pivot', 'post', 'post'],
      ...(creditsLast ? ([['retriable', 'credit', 'credit']] as const) : []),
      ['retriable', 'notify', 'notify'],
    ]);
  return new Map([
    ['transfer', [transfer(1, []), transfer(2, [['compensatable', 'screen', 'screen']])]],
    ...['errand', 'journey'].map((type): [string, SagaDefinition[]] => [
      type,
      [1, 2].map((version) => define(type, version, drawParts(random))),
    ]),
  ]);
}

/** From 2 to 6 steps, with and without a pivot. */
function drawParts(random: Random): [StepKind, string][] {
  const count = random.between(2, STEPS_MAX);
  const undoable = random.between(0, count);
  const hasPivot = undoable < count && random.chance(0.6);
  return Array.from({ length: count }, (_, at): [StepKind, string] => {
    if (at < undoable) return ['compensatable', random.pick(['take', 'take', 'screen'])];
    if (at === undoable && hasPivot) return ['pivot', random.pick(['take', 'credit'])];
    return ['retriable', random.pick(['credit', 'notify'])];
  });
}
