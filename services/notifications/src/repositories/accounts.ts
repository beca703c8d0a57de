import { type Executor, sql, type Tx } from '@florin/postgres';
import type { AccountStatus, KnownAccount } from '../domain/news.ts';

/** What is known of these accounts; those nobody told us of are not in it. */
export async function findAccounts(db: Executor, ids: readonly string[]): Promise<Map<string, KnownAccount>> {
  const rows = await db.query<{ id: string; status: AccountStatus; owners: string[] }>(sql`
    SELECT id, status, ARRAY(SELECT owner FROM account_owner WHERE account_id = id ORDER BY owner) AS owners
    FROM account WHERE id = ANY(${ids}::uuid[])`);
  return new Map(rows.map(({ id, status, owners }) => [id, { status, owners }]));
}

/** Who of these has an account that we know of. */
export async function findHolders(db: Executor, owners: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ owner: string }>(sql`
    SELECT DISTINCT owner FROM account_owner WHERE owner = ANY(${owners}::text[])`);
  return new Set(rows.map(({ owner }) => owner));
}

/** Writes accounts down as they are now. */
export async function writeAccounts(tx: Tx, accounts: ReadonlyMap<string, KnownAccount>): Promise<void> {
  if (accounts.size === 0) return;
  // In the order of ids, so that two chunks cannot wait for each other in a circle.
  const sorted = [...accounts].sort(([one], [other]) => (one < other ? -1 : 1));
  const ids = sorted.map(([id]) => id);
  await tx.execute(sql`
    INSERT INTO account (id, status)
    SELECT id, status FROM unnest(${ids}::uuid[], ${sorted.map(([, { status }]) => status)}::text[]) AS told (id, status)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status`);
  const pairs = sorted.flatMap(([id, { owners }]) => owners.map((owner) => ({ id, owner })));
  const [accountIds, owners] = [pairs.map(({ id }) => id), pairs.map(({ owner }) => owner)];
  await tx.execute(sql`
    DELETE FROM account_owner AS known WHERE account_id = ANY(${ids}::uuid[]) AND NOT EXISTS (
      SELECT FROM unnest(${accountIds}::uuid[], ${owners}::text[]) AS told (account_id, owner)
      WHERE told.account_id = known.account_id AND told.owner = known.owner)`);
  await tx.execute(sql`
    INSERT INTO account_owner (account_id, owner)
    SELECT account_id, owner FROM unnest(${accountIds}::uuid[], ${owners}::text[]) AS told (account_id, owner)
    ON CONFLICT DO NOTHING`);
}
