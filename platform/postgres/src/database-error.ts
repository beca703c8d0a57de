import { Fault } from '@florin/primitives';
import { DatabaseError } from 'pg';

/** What a caller should wait before it asks an unreachable database again. */
const RETRY_AFTER_SECONDS = 1;

/** The server cannot serve us just now: it shuts down, crashed, starts up, or has no connection, disk or memory left. */
const AWAY = new Set(['57P01', '57P02', '57P03', '53100', '53200', '53300', '58030']);

/** The SQLSTATE of an error of the server, also when it is the cause of a fault (PostgreSQL, appendix A). */
export function sqlState(error: unknown): string | undefined {
  return serverError(error)?.code;
}

/** The name of the constraint a statement violated. */
export function violatedConstraint(error: unknown): string | undefined {
  return serverError(error)?.constraint;
}

/** A row with this key exists already (23505), in the named constraint or index when one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return sqlState(error) === '23505' && (constraint === undefined || violatedConstraint(error) === constraint);
}

/**
 * The data itself is at fault, so the same statement will fail for ever: a value out of range, a violated constraint,
 * a rule of ours raised by a trigger. A batch that meets one is split down to the culprit.
 */
export function isDataError(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && /^(22|23|44|54|P0)/.test(state);
}

/** Two transactions were in each other's way (40001 serialisation failure, 40P01 deadlock): run the work again. */
export function isTransactionConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** A lock was not granted within lock_timeout, or at once with NOWAIT (55P03). */
export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === '55P03';
}

/** The fault every caller gets when the database cannot be reached or was lost in the middle of something. */
export function databaseUnavailable(message: string, cause?: unknown): Fault {
  return new Fault('database-unavailable', message, { retryable: true, retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}

/**
 * Sorts what the driver threw: an error of the server about a statement stays as it is (with the parts that quote
 * people's data hidden from logs), a database that is away becomes the fault `database-unavailable`, and a statement
 * that ran out of time the fault `statement-timeout`.
 */
export function classify(error: unknown): unknown {
  if (error instanceof Fault) return error;
  if (!(error instanceof DatabaseError)) {
    return isConnectionLoss(error) ? databaseUnavailable('the connection to the database was lost', error) : error;
  }
  hideData(error);
  const state = error.code ?? '';
  if (!isServerAnswer(error) || state.startsWith('08') || AWAY.has(state))
    return databaseUnavailable('the database is not available', error);
  if (state === '57014') {
    return new Fault('statement-timeout', 'a statement took longer than it may', { retryable: true, cause: error });
  }
  return error;
}

/** Whether the error is the server's answer to a statement, rather than the end of the connection (FATAL is). */
export function isServerAnswer(error: unknown): boolean {
  return error instanceof DatabaseError && error.severity !== 'FATAL' && error.severity !== 'PANIC';
}

function serverError(error: unknown): DatabaseError | undefined {
  if (error instanceof DatabaseError) return error;
  return error instanceof Fault && error.cause instanceof DatabaseError ? error.cause : undefined;
}

/** What pg says about a connection that is gone has no code of its own, only these sentences. */
const LOSS =
  /^(Connection terminated|timeout expired|timeout exceeded|Query read timeout|Client (has|was) |The server does not support SSL)/;

/** A socket that broke, and a server that could not prove who it is: it may be well, and we can not talk to it. */
const LOSS_CODE = /^(EPIPE|ECONN|ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;

function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return 'syscall' in error || 'errno' in error || LOSS.test(error.message) || LOSS_CODE.test(codeOf(error));
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** DETAIL and CONTEXT quote rows and parameters; not enumerable they stay out of logs and answers. */
function hideData(error: DatabaseError): void {
  for (const field of ['detail', 'where', 'internalQuery', 'hint'] as const) {
    Object.defineProperty(error, field, { value: error[field], enumerable: false, configurable: true, writable: true });
  }
}
