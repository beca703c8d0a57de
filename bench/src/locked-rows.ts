import { type Executor, sql } from '@florin/postgres';

/**
 * The accounts whose rows are locked or being changed at this moment, by a transaction under way or a prepared one. Row
 * locks are in no view: the row carries the number of its last locker (xmax), and the snapshot says who has not ended.
 */
export async function readLockedAccounts(db: Executor): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select id from account, (select pg_current_snapshot() as now) as at
    where xmax <> '0'::xid and (
      xmax = any(array(select xip::xid from pg_snapshot_xip(at.now) as xip))
      or xmax::text::bigint >= pg_snapshot_xmax(at.now)::xid::text::bigint)`);
  return rows.map((row) => row.id);
}

/** Adds up, look by look, how many rows of payers of transfers under way are locked. */
export class LockTally {
  #looks = 0;
  #locked = 0;

  add(lockedIds: readonly string[], payerIds: ReadonlySet<string>): void {
    this.#looks += 1;
    for (const id of lockedIds) if (payerIds.has(id)) this.#locked += 1;
  }

  /** How many are locked on average; 0 before the first look. */
  get mean(): number {
    return this.#looks === 0 ? 0 : this.#locked / this.#looks;
  }
}

/**
 * How long one transfer has its payer's row locked, in milliseconds, by Little's law (1961): as many are locked on
 * average as transfers begin in a unit of time, times how long each is.
 */
export function lockedMsOf(meanLocked: number, transfersPerSecond: number): number {
  return (meanLocked / transfersPerSecond) * 1_000;
}
