import { fail, ok, type Result } from '@florin/primitives';

/**
 * `compensatable` steps come first and can be undone; the one `pivot` decides: once it is done there is no way back;
 * `retriable` steps follow it and must not fail for a reason of business. (Garcia-Molina and Salem, "Sagas", 1987; the
 * three kinds are Richardson's.)
 */
export type StepKind = 'compensatable' | 'pivot' | 'retriable';

/** How often a command is sent, and how the attempts are spread over time. */
export interface RetryPolicy {
  /** After so many unanswered attempts a saga turns back (before the pivot) or asks for people (after it). */
  readonly attemptsMax: number;
  /** How long an answer may take before it counts as unknown. */
  readonly answerMs: number;
  /** The pause after the first unanswered attempt; each further one is `factor` times longer, up to `pauseMsMax`. */
  readonly firstPauseMs: number;
  readonly factor: number;
  readonly pauseMsMax: number;
}

export interface StepDefinition {
  readonly name: string;
  readonly kind: StepKind;
  /** Who does it: names the transport to it, its limit and its circuit breaker. */
  readonly participant: string;
  /** The operation that does the step. */
  readonly do: string;
  /** The operation that undoes it; null for a step that changes nothing. Only compensatable steps have one. */
  readonly undo: string | null;
  readonly retry: RetryPolicy;
}

/** A saga's steps as data. A saga that has begun keeps the version it began with, to its end. */
export interface SagaDefinition {
  readonly type: string;
  readonly version: number;
  /** From its start until it turns back by itself, unless the pivot was sent by then. */
  readonly deadlineMs: number;
  /** What becomes of the others when one step can not be undone: they wait for people, or are undone all the same. */
  readonly compensation: 'in-order' | 'independent';
  readonly steps: readonly StepDefinition[];
}

export interface DefinitionFailure {
  readonly code: 'invalid-definition';
  readonly detail: string;
}

/** Enough for any piece of work of a bank; a longer one should be two. */
export const STEPS_MAX = 15;

/**
 * Whether a definition can be run: one pivot at most, nothing compensatable after it, nothing retriable before it, an
 * undo exactly where it can be needed, names that occur once, bounds that are bounds. Fails with `invalid-definition`.
 */
export function checkDefinition(definition: SagaDefinition): Result<SagaDefinition, DefinitionFailure> {
  const problem = problemOf(definition);
  if (problem === undefined) return ok(definition);
  return fail({ code: 'invalid-definition', detail: `${definition.type} v${definition.version}: ${problem}` });
}

function problemOf({ steps, deadlineMs, version, type }: SagaDefinition): string | undefined {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(type)) return 'the type is not a name in kebab-case';
  if (!Number.isInteger(version) || version < 1) return 'the version is a whole number from 1 on';
  if (!(deadlineMs > 0 && Number.isFinite(deadlineMs))) return 'the deadline is no time from now on';
  if (steps.length === 0 || steps.length > STEPS_MAX) return `a saga has from 1 to ${STEPS_MAX} steps`;
  if (new Set(steps.map((step) => step.name)).size !== steps.length) return 'two steps have the same name';
  if (steps.filter((step) => step.kind === 'pivot').length > 1) return 'there are two pivots';
  for (const step of steps) {
    const problem = stepProblem(step);
    if (problem !== undefined) return `step ${step.name}: ${problem}`;
  }
  const kinds = steps.map((step) => ORDER[step.kind]);
  if (kinds.some((kind, index) => index > 0 && kind < (kinds[index - 1] ?? 0))) {
    return 'compensatable steps come first, then the pivot, then the retriable ones';
  }
  return undefined;
}

const ORDER: Readonly<Record<StepKind, number>> = { compensatable: 0, pivot: 1, retriable: 2 };

function stepProblem({ name, kind, undo, retry }: StepDefinition): string | undefined {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) return 'the name is not in kebab-case';
  if (kind !== 'compensatable' && undo !== null) return `a ${kind} step is never undone`;
  if (!Number.isInteger(retry.attemptsMax) || retry.attemptsMax < 1) return 'it is attempted at least once';
  const { answerMs, firstPauseMs, factor, pauseMsMax } = retry;
  const areNumbers = [answerMs, firstPauseMs, factor, pauseMsMax].every(Number.isFinite);
  if (!areNumbers || answerMs <= 0 || firstPauseMs <= 0 || factor < 1) return 'its pauses are no pauses';
  if (pauseMsMax < firstPauseMs) return 'its longest pause is shorter than its first';
  return undefined;
}

/** From which step on there is no way back: the pivot's index, or that of the first retriable step. */
export function pivotIndexOf({ steps }: SagaDefinition): number {
  const index = steps.findIndex((step) => step.kind !== 'compensatable');
  return index === -1 ? steps.length : index;
}
