import { type Executor, sql } from '@florin/postgres';
import type { Hold, HoldStatus } from '../domain/hold.ts';

interface HoldRow {
  id: string;
  account_id: string;
  amount: bigint;
  captured: bigint;
  currency: string;
  status: HoldStatus;
  reference: string;
  day: string;
  expires_at: Date | null;
  saga_id: string | null;
}

/** Holds by id; read after their accounts are locked, which is what guards them. */
export async function loadHolds(db: Executor, ids: readonly string[]): Promise<Hold[]> {
  const rows = await db.query<HoldRow>(sql`
    SELECT id, account_id, amount, captured, currency, status, reference, day, expires_at, saga_id
    FROM hold WHERE id = ANY(${ids}::uuid[])`);
  return rows.map(toHold);
}

/** Writes holds as a batch left them. */
export function putHolds(tx: Executor, holds: readonly Hold[]): Promise<number> {
  return tx.execute(sql`
    INSERT INTO hold (id, account_id, amount, captured, currency, status, reference, day, expires_at, saga_id)
    SELECT * FROM unnest(${holds.map((h) => h.id)}::uuid[], ${holds.map((h) => h.accountId)}::uuid[],
      ${holds.map((h) => h.amountMinor)}::bigint[], ${holds.map((h) => h.capturedMinor)}::bigint[],
      ${holds.map((h) => h.currency)}::text[], ${holds.map((h) => h.status)}::text[],
      ${holds.map((h) => h.reference)}::text[], ${holds.map((h) => h.day)}::date[],
      ${holds.map((h) => (h.expiresAtMs === null ? null : new Date(h.expiresAtMs).toISOString()))}::timestamptz[],
      ${holds.map((h) => h.sagaId)}::uuid[])
    ON CONFLICT (id) DO UPDATE SET captured = excluded.captured, status = excluded.status`);
}

/** Open holds whose time is up, oldest first; a saga's own never are. */
export async function findDueHolds(db: Executor, nowMs: number, rowsMax: number): Promise<Hold[]> {
  const rows = await db.query<HoldRow>(sql`
    SELECT id, account_id, amount, captured, currency, status, reference, day, expires_at, saga_id
    FROM hold
    WHERE status = 'open' AND saga_id IS NULL AND expires_at <= ${new Date(nowMs).toISOString()}
    ORDER BY expires_at LIMIT ${rowsMax}`);
  return rows.map(toHold);
}

/** How many holds are open, counted up to a bound, and the first id among those: ids sort by when they were made. */
export async function countOpenHolds(
  db: Executor,
  countedMax: number,
): Promise<{ readonly count: number; readonly firstId: string | null }> {
  const [row] = await db.query<{ count: bigint; first_id: string | null }>(sql`
    SELECT count(*) AS count, min(id::text) AS first_id
    FROM (SELECT id FROM hold WHERE status = 'open' LIMIT ${countedMax}) AS counted`);
  return { count: Number(row?.count ?? 0), firstId: row?.first_id ?? null };
}

function toHold(row: HoldRow): Hold {
  return {
    id: row.id,
    accountId: row.account_id,
    amountMinor: row.amount,
    capturedMinor: row.captured,
    currency: row.currency,
    status: row.status,
    reference: row.reference,
    day: row.day,
    expiresAtMs: row.expires_at === null ? null : row.expires_at.getTime(),
    sagaId: row.saga_id,
  };
}
