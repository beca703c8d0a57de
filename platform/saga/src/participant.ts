import type { Logger } from '@florin/observability';
import { type Database, isLockTimeout, isTransactionConflict, sql, type Tx } from '@florin/postgres';
import { Fault, timeOfId } from '@florin/primitives';
import { decideBarrier, MISMATCH, SAGA_AGE_MS_MAX, TOMBSTONE, TOO_OLD, UNDONE } from './barrier.ts';
import { insertRecord, lockRecords, setOutcome } from './barrier-records.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Outcome, type SagaCommand, unknownOutcome } from './outcome.ts';

/**
 * The effect of a command, in the transaction that records it. It may answer `applied`; `rejected` or `too_late`, and then
 * what it wrote is taken back; `pending`, and then what it wrote stays and it is called again; an undo `cannot_compensate`.
 * What it throws is `unknown`, and nothing of it stays.
 */
export type Operation = (tx: Tx, payload: SagaCommand['payload'], command: SagaCommand) => Promise<Outcome>;

export interface ParticipantOptions {
  readonly operations: Readonly<Record<string, Operation>>;
  /** For the age of sagas. */
  readonly nowMs: number;
  readonly logger?: Logger | undefined;
  /** How long a command waits for another of its branch, or for rows of its effect; 2 s unless told otherwise. */
  readonly lockTimeoutMs?: number;
}

const LOCK_TIMEOUT_MS = 2_000;

/**
 * Does what a saga's command asks for, exactly once: the barrier's records are written by the transaction of the effect.
 * A command that comes again gets its first answer; an undo that comes before its do blocks it. Never rejects: what goes
 * wrong is `unknown`, and so is an operation that this version does not know, because the next one may.
 */
export async function runParticipant(
  db: Database,
  command: SagaCommand,
  options: ParticipantOptions,
): Promise<Outcome> {
  try {
    return await db.transaction(async (tx) => {
      void limitWaits(tx, options);
      return takeCommand(tx, command, options);
    });
  } catch (error) {
    return failed(command, options, error);
  }
}

/** Bounds how long the statements of this transaction wait for locks. */
export function limitWaits(tx: Tx, { lockTimeoutMs = LOCK_TIMEOUT_MS }: Pick<ParticipantOptions, 'lockTimeoutMs'>) {
  return tx.query(sql`select set_config('lock_timeout', ${`${lockTimeoutMs}ms`}, true)`);
}

/**
 * The same within a transaction of the caller's, which may hold other commands: what one of them gets wrong is taken back
 * to before it. Rejects when the transaction itself is lost, and must then run again as a whole.
 */
export async function takeCommand(tx: Tx, command: SagaCommand, options: ParticipantOptions): Promise<Outcome> {
  const operation = Object.hasOwn(options.operations, command.operation)
    ? options.operations[command.operation]
    : undefined;
  if (operation === undefined) return unknownOutcome(`there is no operation ${command.operation} here`);
  if (options.nowMs - timeOfId(command.sagaId) > SAGA_AGE_MS_MAX) return TOO_OLD;
  void tx.execute(BEFORE_COMMAND);
  try {
    const { outcome, isKept } = await attempt({ tx, command, operation, logger: options.logger });
    if (!isKept) void tx.execute(BACK_TO_BEFORE_COMMAND);
    await tx.execute(FORGET_COMMAND);
    return outcome;
  } catch (error) {
    if (isOfTransaction(error)) throw error;
    await tx.execute(BACK_TO_BEFORE_COMMAND);
    return failed(command, options, error);
  }
}

const BEFORE_COMMAND = sql`savepoint saga_command`;
const BACK_TO_BEFORE_COMMAND = sql`rollback to savepoint saga_command`;
const FORGET_COMMAND = sql`release savepoint saga_command`;
const BEFORE_EFFECT = sql`savepoint saga_effect`;
const BACK_TO_BEFORE_EFFECT = sql`rollback to savepoint saga_effect`;

interface Attempt {
  readonly tx: Tx;
  readonly command: SagaCommand;
  readonly operation: Operation;
  readonly logger: Logger | undefined;
}

interface Attempted {
  readonly outcome: Outcome;
  /** Whether what was written stays. */
  readonly isKept: boolean;
}

/** The row of the do comes first, whatever is asked: whoever inserts it is alone with the branch until the commit. */
async function attempt(context: Attempt): Promise<Attempted> {
  const { tx, command } = context;
  const { op } = command;
  const fingerprint = fingerprintOf(command);
  const first = op === 'do' ? { fingerprint, outcome: BEGUN } : TOMBSTONE;
  const isFirst = await insertRecord(tx, command, 'do', first);
  const decision = decideBarrier(op, fingerprint, isFirst ? {} : await lockRecords(tx, command));
  switch (decision.kind) {
    case 'answer':
      return { outcome: decision.outcome, isKept: false };
    case 'empty':
      await insertRecord(tx, command, 'undo', { fingerprint, outcome: UNDONE });
      return { outcome: UNDONE, isKept: true };
    case 'mismatch':
      return mismatch(context);
    case 'work':
      return op === 'do' ? doWork(context) : undoWork(context, fingerprint);
  }
}

const BEGUN: Outcome = { kind: 'pending' };

function mismatch({ command, logger }: Attempt): Attempted {
  const { sagaId, branch, op, attempt: number } = command;
  logger?.error({ sagaId, branch, op, attempt: number }, 'a command of a saga came with another payload than before');
  return { outcome: MISMATCH, isKept: false };
}

async function doWork({ tx, command, operation }: Attempt): Promise<Attempted> {
  void tx.execute(BEFORE_EFFECT);
  const outcome = await operation(tx, command.payload, command);
  if (outcome.kind === 'unknown' || outcome.kind === 'cannot_compensate') return { outcome, isKept: false };
  // A rejection is remembered, and nothing else of it.
  if (outcome.kind === 'rejected' || outcome.kind === 'too_late') void tx.execute(BACK_TO_BEFORE_EFFECT);
  await setOutcome(tx, command, outcome);
  return { outcome, isKept: true };
}

/** Only what is undone is recorded: what could not be today may be when it is asked again. */
async function undoWork({ tx, command, operation }: Attempt, fingerprint: string): Promise<Attempted> {
  const outcome = await operation(tx, command.payload, command);
  if (outcome.kind === 'applied') await insertRecord(tx, command, 'undo', { fingerprint, outcome });
  return { outcome, isKept: outcome.kind === 'applied' || outcome.kind === 'pending' };
}

/** The transaction met others or lost its connection: it is no one command's doing. */
function isOfTransaction(error: unknown): boolean {
  return isTransactionConflict(error) || (error instanceof Fault && error.code === 'database-unavailable');
}

function failed({ sagaId, branch, op, operation }: SagaCommand, { logger }: ParticipantOptions, error: unknown) {
  if (isLockTimeout(error)) return unknownOutcome('others are at it');
  logger?.warn({ err: error, sagaId, branch, op, operation }, 'a command of a saga failed');
  return unknownOutcome(error instanceof Fault ? error.message : 'the participant failed');
}
