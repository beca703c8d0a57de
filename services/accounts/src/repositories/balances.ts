import { type Executor, sql } from '@florin/postgres';
import type { AccountRun } from '../domain/account-change.ts';
import type { Balance, BalanceView } from '../domain/balance.ts';
import { plainArray, textArray } from './array-literal.ts';

interface Row {
  id: string;
  version: bigint;
  posted_minor: bigint;
  held_minor: bigint;
  overdraft_minor: bigint;
}

/** The balances the read model has; accounts it has not heard of are left out. */
export async function findBalances(db: Executor, ids: readonly string[]): Promise<ReadonlyMap<string, Balance>> {
  const rows = await db.query<Row>(sql`
    SELECT account_id AS id, version, posted_minor, held_minor, overdraft_minor
    FROM balance WHERE account_id = ANY(${ids}::uuid[])`);
  return new Map(rows.map((row) => [row.id, balanceOf(row)]));
}

/** Accounts with their balance and owners. One the read model has not heard of has version 0. */
export async function findBalanceViews(db: Executor, ids: readonly string[]): Promise<BalanceView[]> {
  const rows = await db.query<Row & { currency: string; owners: string[] }>(sql`
    SELECT account.id, account.currency, coalesce(version, 0) AS version, coalesce(posted_minor, 0) AS posted_minor,
      coalesce(held_minor, 0) AS held_minor, coalesce(balance.overdraft_minor, account.overdraft_minor) AS overdraft_minor,
      ARRAY(SELECT customer_id FROM account_owner WHERE account_id = account.id) AS owners
    FROM account LEFT JOIN balance ON balance.account_id = account.id
    WHERE account.id = ANY(${ids}::uuid[])`);
  return rows.map((row) => ({ accountId: row.id, currency: row.currency, owners: row.owners, ...balanceOf(row) }));
}

/**
 * Raises balances to the last changes of these runs, sorted by account, and answers how many of the accounts miss a
 * version before their run. A change that is not newer leaves the row as it is, so events may come twice or late.
 */
export async function raiseBalances(tx: Executor, runs: readonly AccountRun[]): Promise<number> {
  const last = runs.map((run) => run.last);
  const [row] = await tx.query<{ gaps: bigint }>(sql`
    WITH incoming AS (
      SELECT * FROM unnest(${plainArray(last.map((change) => change.accountId))}::uuid[],
        ${plainArray(last.map((change) => change.version))}::bigint[],
        ${textArray(last.map((change) => change.currency))}::text[],
        ${textArray(last.map((change) => change.status))}::text[],
        ${plainArray(last.map((change) => change.postedMinor))}::bigint[],
        ${plainArray(last.map((change) => change.heldMinor))}::bigint[],
        ${plainArray(last.map((change) => change.overdraftMinor))}::bigint[],
        ${plainArray(last.map((change) => change.changedAt))}::timestamptz[],
        ${plainArray(runs.map((run) => run.unbrokenFrom))}::bigint[])
        AS t (account_id, version, currency, status, posted_minor, held_minor, overdraft_minor, changed_at,
          unbroken_from)
    ), raised AS (
      INSERT INTO balance AS known
        (account_id, version, currency, status, posted_minor, held_minor, overdraft_minor, changed_at)
      SELECT account_id, version, currency, status, posted_minor, held_minor, overdraft_minor, changed_at FROM incoming
      ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, status = excluded.status,
        posted_minor = excluded.posted_minor, held_minor = excluded.held_minor,
        overdraft_minor = excluded.overdraft_minor, changed_at = excluded.changed_at
      WHERE known.version < excluded.version
    )
    SELECT count(*) AS gaps FROM incoming LEFT JOIN balance AS before USING (account_id)
    WHERE incoming.unbroken_from > coalesce(before.version, 0) + 1`);
  return Number(row?.gaps ?? 0);
}

function balanceOf(row: Row): Balance {
  return {
    version: Number(row.version),
    postedMinor: row.posted_minor,
    heldMinor: row.held_minor,
    overdraftMinor: row.overdraft_minor,
  };
}
