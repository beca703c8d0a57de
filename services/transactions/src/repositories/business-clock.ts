import { type Executor, sql } from '@florin/postgres';
import type { BusinessClock } from '../domain/business-clock.ts';

interface Row {
  offset_ms: bigint;
  version: bigint;
  has_bookings: boolean;
}

/** The clock as it is set now, and whether anything was booked yet. `lock` keeps others from moving it meanwhile. */
export async function readClock(
  db: Executor,
  lock: 'lock' | 'read' = 'read',
): Promise<{ clock: BusinessClock; hasBookings: boolean }> {
  const forUpdate = lock === 'lock' ? sql`FOR UPDATE OF business_clock` : sql``;
  const [row] = await db.query<Row>(sql`
    SELECT offset_ms, version, EXISTS (SELECT FROM journal) AS has_bookings FROM business_clock ${forUpdate}`);
  return {
    clock: { offsetMs: Number(row?.offset_ms ?? 0n), version: Number(row?.version ?? 1n) },
    hasBookings: row?.has_bookings ?? false,
  };
}

export function writeClock(tx: Executor, clock: BusinessClock): Promise<number> {
  return tx.execute(sql`UPDATE business_clock SET offset_ms = ${clock.offsetMs}, version = ${clock.version}`);
}
