import { type Executor, sql, type Tx } from '@florin/postgres';

/** Whether somebody was erased. Exact under the lock of `countAccountsLocked`. */
export async function isErasedOwner(db: Executor, customerId: string): Promise<boolean> {
  return (await db.query(sql`SELECT FROM erased_owner WHERE customer_id = ${customerId}`)).length > 0;
}

/** How many accounts of somebody are not closed; those that are being opened or closed are not. */
export async function countOpenAccounts(db: Executor, customerId: string): Promise<number> {
  const [row] = await db.query<{ count: bigint }>(sql`
    SELECT count(*) FROM account_owner AS mine JOIN account ON account.id = mine.account_id
    WHERE mine.customer_id = ${customerId} AND account.status <> 'closed'`);
  return Number(row?.count ?? 0n);
}

/** Notes that somebody was erased; nothing changes when it is noted. */
export async function insertErasedOwner(tx: Tx, customerId: string): Promise<void> {
  await tx.execute(sql`INSERT INTO erased_owner (customer_id) VALUES (${customerId}) ON CONFLICT DO NOTHING`);
}

/** Puts another name for the holder on somebody's accounts, and the product's for the one they gave each. */
export async function renameAccountsOf(tx: Tx, customerId: string, holderName: string): Promise<void> {
  await tx.execute(sql`
    UPDATE account SET holder_name = ${holderName}, name = product.name FROM account_owner AS mine, product
    WHERE mine.customer_id = ${customerId} AND account.id = mine.account_id AND product.code = account.product_code`);
}

/** Forgets what somebody was answered under their keys: an answer names their account as they did. */
export async function deleteCommandsOf(tx: Tx, customerId: string, operations: readonly string[]): Promise<void> {
  const scopes = operations.map((operation) => `${customerId} ${operation}`);
  await tx.execute(sql`DELETE FROM command WHERE scope = ANY(${scopes}::text[])`);
}
