import { isUuid } from '@florin/primitives';

/** What goes into a command, what comes out of it, and what is kept with a saga. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

export type Op = 'do' | 'undo';

/** One step's work, as it is sent to the participant. The same text is sent at every attempt, but for `attempt`. */
export interface SagaCommand {
  readonly sagaId: string;
  readonly sagaType: string;
  /** The step's name. */
  readonly branch: string;
  readonly op: Op;
  readonly attempt: number;
  readonly participant: string;
  readonly operation: string;
  readonly payload: { readonly input: JsonObject; readonly outputs: { readonly [branch: string]: JsonObject } };
}

/**
 * What a participant may answer. `applied`: done, perhaps before. `rejected`: not done, for a reason of business, and it
 * never will be. `pending`: accepted and still at work. `too_late`: it was called off before. `cannot_compensate`: what was
 * done can not be undone. Whatever else comes back (an error page, nothing, a new word) is `unknown`.
 */
export type Outcome =
  | { readonly kind: 'applied'; readonly output: JsonObject }
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  | { readonly kind: 'pending' }
  | { readonly kind: 'too_late' }
  | { readonly kind: 'cannot_compensate'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string };

/** An answer with what it answers to. */
export interface SagaReply {
  readonly sagaId: string;
  readonly branch: string;
  readonly op: Op;
  readonly attempt: number;
  readonly outcome: Outcome;
}

/** Texts of an answer are cut to this; they are shown to people. */
const DETAIL_LENGTH_MAX = 500;

/** Reads an outcome from the wire. What is not exactly one of the words is `unknown`: never a failure of business. */
export function readOutcome(wire: unknown): Outcome {
  if (!isObject(wire)) return unknownOutcome('the answer is not an object');
  switch (wire['kind']) {
    case 'applied': {
      const { output } = wire;
      return isObject(output) ? { kind: 'applied', output: output as JsonObject } : unknownOutcome('no output');
    }
    case 'rejected': {
      const { code, detail } = wire;
      if (typeof code !== 'string' || code === '') return unknownOutcome('a rejection without a code');
      return { kind: 'rejected', code: cut(code), detail: cut(typeof detail === 'string' ? detail : '') };
    }
    case 'pending':
      return { kind: 'pending' };
    case 'too_late':
      return { kind: 'too_late' };
    case 'cannot_compensate':
      return { kind: 'cannot_compensate', detail: cut(String(wire['detail'] ?? '')) };
    case 'unknown':
      return unknownOutcome(String(wire['detail'] ?? ''));
    default:
      return unknownOutcome('the answer has no outcome');
  }
}

/** Reads a reply from the wire; undefined when it does not say what it answers to. */
export function readReply(wire: unknown): SagaReply | undefined {
  if (!isObject(wire)) return undefined;
  const { sagaId, branch, op, attempt } = wire;
  if (typeof sagaId !== 'string' || !isUuid(sagaId) || typeof branch !== 'string') return undefined;
  if ((op !== 'do' && op !== 'undo') || !Number.isInteger(attempt)) return undefined;
  return { sagaId, branch, op, attempt: attempt as number, outcome: readOutcome(wire['outcome']) };
}

/** Reads a command from the wire; undefined when it is none. */
export function readCommand(wire: unknown): SagaCommand | undefined {
  if (!isObject(wire)) return undefined;
  const { sagaId, sagaType, branch, op, attempt, participant, operation, payload } = wire;
  if (typeof sagaId !== 'string' || !isUuid(sagaId) || typeof branch !== 'string' || !Number.isInteger(attempt)) {
    return undefined;
  }
  if (typeof sagaType !== 'string' || typeof participant !== 'string' || typeof operation !== 'string')
    return undefined;
  if ((op !== 'do' && op !== 'undo') || !isObject(payload)) return undefined;
  const { input, outputs } = payload;
  if (!isObject(input) || !isObject(outputs) || !Object.values(outputs).every(isObject)) return undefined;
  return {
    sagaId,
    sagaType,
    branch,
    op,
    attempt: attempt as number,
    participant,
    operation,
    payload: { input, outputs } as SagaCommand['payload'],
  };
}

export function unknownOutcome(detail: string): Outcome {
  return { kind: 'unknown', detail: cut(detail) };
}

function cut(text: string): string {
  return text.slice(0, DETAIL_LENGTH_MAX);
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
