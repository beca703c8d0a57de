import {
  type Executor,
  isLockTimeout,
  isTransactionConflict,
  type Session,
  type Statement,
  sqlState,
} from '@florin/postgres';
import { Fault, type Result } from '@florin/primitives';
import { type Branch, preparedName } from './branch-name.ts';
import { insertMarker, LOCK_TIMEOUT_MS, limitLocks, readMarker, writeTombstone } from './marker.ts';
import { type Acknowledgement, judgeMissing, type Vote } from './protocol.ts';

/** Error codes of PostgreSQL (appendix A) in what is said about prepared transactions (twophase.c). */
const NO_SUCH_TRANSACTION = '42704';
const NAME_IN_USE = '42710';
const NO_SLOT = '53200';
const BUSY = '55000';

/** A PREPARE in flight can slip between the rollback and the tombstone once, and hardly twice. */
const TOMBSTONE_ATTEMPTS = 3;

export interface PrepareOptions extends Branch {
  /** How long a statement may wait for a lock; 500 ms unless told otherwise. */
  readonly lockTimeoutMs?: number;
}

/** The work of a branch. It must not end the transaction, nor notify, nor use temporary tables or session locks. */
export type BranchWork<Refusal> = (tx: Executor) => Promise<Result<unknown, Refusal>>;

/**
 * First phase: does the work in a transaction and prepares it. `yes` is a promise: from then on the branch keeps its
 * locks, through crashes, until it is told how it ends. Everything that is no `yes` and no `unknown` leaves nothing behind.
 * Throws what is neither a refusal nor a state of the database, after rolling back. The session must be idle.
 */
export async function prepareBranch<Refusal>(
  session: Session,
  options: PrepareOptions,
  work: BranchWork<Refusal>,
): Promise<Vote<Refusal>> {
  const statement = literal(`prepare transaction '${preparedName(options)}'`);
  let isPreparing = false;
  try {
    void session.begin();
    void limitLocks(session, options.lockTimeoutMs ?? LOCK_TIMEOUT_MS);
    if (!(await insertMarker(session, options))) {
      await session.rollback();
      return { vote: 'no', code: 'too-late' };
    }
    const result = await work(session);
    if (!result.ok) {
      await session.rollback();
      return { vote: 'no', code: 'refused', refusal: result.failure };
    }
    isPreparing = true;
    await session.execute(statement);
    return { vote: 'yes' };
  } catch (error) {
    await session.rollback();
    return voteOf(error, isPreparing);
  }
}

/** A PREPARE that the server refused has rolled back; one that got no answer may have happened. */
function voteOf(error: unknown, isPreparing: boolean): Vote<never> {
  const state = sqlState(error);
  // Before what it shares its code with: a server without memory, of which not much is known.
  if (isPreparing && state === NO_SLOT) return { vote: 'no', code: 'no-slot' };
  if (error instanceof Fault && error.code === 'database-unavailable') {
    return isPreparing ? { vote: 'unknown' } : { vote: 'no', code: 'unavailable' };
  }
  if (isLockTimeout(error) || (error instanceof Fault && error.code === 'statement-timeout')) {
    return { vote: 'no', code: 'busy' };
  }
  if (isTransactionConflict(error)) return { vote: 'no', code: 'deadlock' };
  if (isPreparing && state === NAME_IN_USE) return { vote: 'no', code: 'too-late' };
  throw error;
}

/** Second phase of a decision to commit. Can be repeated. Throws when the database does not answer. */
export async function commitBranch(session: Session, branch: Branch): Promise<Acknowledgement> {
  const finished = await finish(session, `commit prepared '${preparedName(branch)}'`);
  if (finished !== 'missing') return finished === 'done' ? 'acknowledged' : 'busy';
  return judgeMissing('commit', await readMarker(session, branch)) === 'acknowledged' ? 'acknowledged' : 'damaged';
}

/**
 * Second phase of a decision to abort, also for a branch that never came: leaves a tombstone in any case, which refuses
 * a PREPARE that is still on its way. Can be repeated. Throws when the database does not answer.
 */
export async function rollbackBranch(
  session: Session,
  branch: Branch,
  lockTimeoutMs: number = LOCK_TIMEOUT_MS,
): Promise<Acknowledgement> {
  let finished = await finish(session, `rollback prepared '${preparedName(branch)}'`);
  for (let attempt = 0; finished !== 'busy' && attempt < TOMBSTONE_ATTEMPTS; attempt += 1) {
    const marker = await writeTombstone(session, branch, lockTimeoutMs);
    if (marker !== 'locked') return judgeMissing('abort', marker) === 'acknowledged' ? 'acknowledged' : 'damaged';
    // An open transaction holds the marker. If it was prepared while we waited, it can be rolled back now.
    finished = await finish(session, `rollback prepared '${preparedName(branch)}'`);
    if (finished === 'missing') return 'busy';
  }
  return 'busy';
}

async function finish(session: Session, text: string): Promise<'done' | 'missing' | 'busy'> {
  try {
    await session.execute(literal(text));
    return 'done';
  } catch (error) {
    const state = sqlState(error);
    if (state === NO_SUCH_TRANSACTION) return 'missing';
    if (state === BUSY) return 'busy';
    throw error;
  }
}

/** A statement without parameters and without a name: each text is used once. */
function literal(text: string): Statement {
  return { text, values: [] };
}
