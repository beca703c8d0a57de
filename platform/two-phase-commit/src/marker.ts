import { type Executor, isLockTimeout, type Session, sql } from '@florin/postgres';
import { timeOfId } from '@florin/primitives';
import type { Branch } from './branch-name.ts';
import type { Marker } from './protocol.ts';

/** How long a branch waits for a lock. Short, because it already holds some itself. */
export const LOCK_TIMEOUT_MS = 500;

/**
 * A gid older than this is refused, by the database's clock. Markers are kept for longer, so a PREPARE that comes after
 * its marker was purged is refused all the same.
 */
export const PREPARE_AGE_MAX_MS = 24 * 3_600_000;

/** Limits how long the statements of the open transaction wait for locks. */
export function limitLocks(tx: Executor, timeoutMs: number): Promise<unknown> {
  return tx.query(sql`select set_config('lock_timeout', ${String(timeoutMs)}, true)`);
}

/** Writes the marker of a branch into its transaction; false when there is one already or the gid is too old. */
export async function insertMarker(tx: Executor, { gid, branch }: Branch): Promise<boolean> {
  const inserted = await tx.execute(sql`
    insert into two_phase_marker (gid, branch, state)
    select ${gid}, ${branch}, 'prepared'
    where extract(epoch from clock_timestamp()) * 1000 < ${timeOfId(gid) + PREPARE_AGE_MAX_MS}::bigint
    on conflict (gid, branch) do nothing`);
  return inserted === 1;
}

/** What can be seen of a branch now. */
export async function readMarker(db: Executor, { gid, branch }: Branch): Promise<Marker> {
  const [row] = await db.query<{ state: Exclude<Marker, 'absent'> }>(sql`
    select state from two_phase_marker where gid = ${gid} and branch = ${branch}`);
  return row?.state ?? 'absent';
}

/**
 * Leaves a tombstone unless a marker is there, and answers what is there afterwards; `locked` when a transaction that
 * is open or prepared holds the marker for longer than the lock may be waited for.
 */
export async function writeTombstone(
  session: Session,
  branch: Branch,
  lockTimeoutMs: number,
): Promise<Marker | 'locked'> {
  try {
    void session.begin();
    void limitLocks(session, lockTimeoutMs);
    void session.execute(sql`
      insert into two_phase_marker (gid, branch, state) values (${branch.gid}, ${branch.branch}, 'aborted')
      on conflict (gid, branch) do nothing`);
    const marker = await readMarker(session, branch);
    await session.commit();
    return marker;
  } catch (error) {
    await session.rollback();
    if (isLockTimeout(error)) return 'locked';
    throw error;
  }
}

/** Deletes markers older than an age, at most `limit`; answers how many. */
export function purgeMarkers(db: Executor, olderThanMs: number, limit: number): Promise<number> {
  return db.execute(sql`
    delete from two_phase_marker where (gid, branch) in (
      select gid, branch from two_phase_marker
      where at < clock_timestamp() - ${olderThanMs}::bigint * interval '1 millisecond'
      order by at limit ${limit})`);
}
