import type { Tx } from '@florin/postgres';
import { deletePayeesOf, endOrdersOf, renameHolder } from '../repositories/erasures.ts';

/** What others see in place of a name; the accounts service says the same. */
const ERASED_HOLDER = 'Erased customer';

/**
 * Forgets what one shard knows of somebody who was erased, besides what is part of the books: journals with their amounts and
 * references, and the ids in them. Done twice it is as done once.
 */
export async function forgetPerson(tx: Tx, personId: string): Promise<void> {
  await deletePayeesOf(tx, personId);
  await endOrdersOf(tx, personId);
  await renameHolder(tx, personId, ERASED_HOLDER);
}
