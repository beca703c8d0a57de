import { sql, type Tx } from '@florin/postgres';

/** Forgets whom somebody paid, also those they trusted. */
export async function deletePayeesOf(tx: Tx, owner: string): Promise<void> {
  await tx.execute(sql`DELETE FROM payee WHERE owner = ${owner}`);
}

/** Ends somebody's standing orders that are not over, and empties the texts of all. Amounts, dates and outcomes stay. */
export async function endOrdersOf(tx: Tx, owner: string): Promise<void> {
  await tx.execute(sql`
    UPDATE standing_order SET status = 'cancelled', paused_because = NULL, next_date = NULL, try_on = NULL,
      claimed_until = NULL, over_at = now(), version = version + 1
    WHERE owner = ${owner} AND over_at IS NULL`);
  await tx.execute(sql`
    UPDATE standing_order SET payee_name = '', reference = ''
    WHERE owner = ${owner} AND (payee_name <> '' OR reference <> '')`);
}

/** Puts another name for the holder on somebody's accounts. Nothing that the books are proven with changes. */
export async function renameHolder(tx: Tx, owner: string, holderName: string): Promise<void> {
  await tx.execute(sql`
    UPDATE account SET holder_name = ${holderName}
    WHERE owners @> ARRAY[${owner}]::text[] AND status = 'closed' AND holder_name <> ${holderName}`);
}
