import type { Database } from '@florin/postgres';
import type { Vault } from '../domain/vault.ts';
import { indexNames } from '../repositories/people.ts';

/** Small transactions: a rename never waits long for one. */
const ROWS_PER_BATCH = 200;
const BATCHES_PER_SWEEP = 5_000;

/**
 * Indexes the names of people who were stored before names were indexed; answers how many. Only the service can: the
 * database does not know the keys. Any instance may, at any time; it costs one look at an empty index once all is done.
 */
export async function indexOldNames(deps: { readonly database: Database; readonly vault: Vault }): Promise<number> {
  let indexed = 0;
  for (let batch = 0; batch < BATCHES_PER_SWEEP; batch += 1) {
    const rows = await deps.database.transaction((tx) => indexNames(tx, deps.vault, ROWS_PER_BATCH));
    indexed += rows;
    if (rows < ROWS_PER_BATCH) break;
  }
  return indexed;
}
