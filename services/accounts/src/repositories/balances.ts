import { type Executor, sql } from '@florin/postgres';
import type { AccountChange } from '../domain/account-change.ts';
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
 * Raises balances to these changes, at most one an account and sorted by account, and answers the versions that were
 * there before. A change that is not newer leaves the row as it is, so events may come twice or late.
 */
export async function raiseBalances(
  tx: Executor,
  changes: readonly AccountChange[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ account_id: string; version: bigint }>(sql`
    WITH incoming AS (
      SELECT * FROM unnest(${plainArray(changes.map((change) => change.accountId))}::uuid[],
        ${plainArray(changes.map((change) => change.version))}::bigint[], ${textArray(changes.map((change) => change.currency))}::text[],
        ${textArray(changes.map((change) => change.status))}::text[], ${plainArray(changes.map((change) => change.postedMinor))}::bigint[],
        ${plainArray(changes.map((change) => change.heldMinor))}::bigint[],
        ${plainArray(changes.map((change) => change.overdraftMinor))}::bigint[],
        ${plainArray(changes.map((change) => change.changedAt))}::timestamptz[])
        AS t (account_id, version, currency, status, posted_minor, held_minor, overdraft_minor, changed_at)
    ), raised AS (
      INSERT INTO balance AS known
        (account_id, version, currency, status, posted_minor, held_minor, overdraft_minor, changed_at)
      SELECT * FROM incoming
      ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, status = excluded.status,
        posted_minor = excluded.posted_minor, held_minor = excluded.held_minor,
        overdraft_minor = excluded.overdraft_minor, changed_at = excluded.changed_at
      WHERE known.version < excluded.version
    )
    SELECT balance.account_id, balance.version FROM incoming JOIN balance USING (account_id)`);
  return new Map(rows.map((row) => [row.account_id, Number(row.version)]));
}

function balanceOf(row: Row): Balance {
  return {
    version: Number(row.version),
    postedMinor: row.posted_minor,
    heldMinor: row.held_minor,
    overdraftMinor: row.overdraft_minor,
  };
}
