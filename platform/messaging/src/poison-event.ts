import { isDataError, sqlState } from '@florin/postgres';

/** A handler throws this for an event it can never take: redelivery would not help, only a person can. */
export class PoisonEvent extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'PoisonEvent';
  }
}

/**
 * Whether an error is the event's own fault, so that trying again gives the same: a data exception or a broken
 * constraint (SQLSTATE classes 22 and 23), a `PoisonEvent`, or what JavaScript throws when it reads malformed data.
 * Everything else (a database away, a lost lock) is the environment's, and passes.
 */
export function isPoison(error: unknown): boolean {
  if (error instanceof PoisonEvent || error instanceof TypeError || error instanceof RangeError) return true;
  return error instanceof SyntaxError || isDataError(error);
}

/** Why an event was put aside, for the operator's list: the code, never the text of a database error, which may quote data. */
export function reasonOf(error: unknown): string {
  const state = sqlState(error);
  if (state !== undefined) return `the database refused it (SQLSTATE ${state})`;
  if (error instanceof PoisonEvent) return error.message.slice(0, REASON_LENGTH_MAX);
  return error instanceof Error ? `the handler could not read it (${error.name})` : 'the handler could not read it';
}

/** A reason is a line in a list, not a report. */
const REASON_LENGTH_MAX = 500;
