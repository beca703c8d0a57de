import type { Database } from '@florin/postgres';
import type { Chore } from '@florin/primitives';
import { noteValuesLeft } from './data-key-rows.ts';
import type { DataKeys } from './data-keys.ts';
import { CUSTOMER_KEYS, countOthers, reseal, type SealedColumn } from './sealed-column.ts';

/** A change of keys is known to every instance within this, and long before a new key seals. */
const REFRESH_EVERY_MS = 2_000;
/** Small transactions: whoever changes a row never waits long. */
const ROWS_PER_BATCH = 200;
/** A round ends after so many, counts what is left for those who watch, and the next goes on. */
const BATCHES_PER_ROUND = 50;
/** With nothing left, what an instance that slept wrote with an older key is looked for now and then. */
const ROUNDS_SKIPPED_WHEN_DONE = 30;

/** What a service does about its keys by itself: learn them, and seal again what older ones sealed. */
export function keyChores(database: Database, keys: DataKeys, columns: readonly SealedColumn[]): readonly Chore[] {
  const all = [CUSTOMER_KEYS, ...columns];
  let done: { readonly keyId: number; roundsSkipped: number } | undefined;
  return [
    {
      name: 'keys',
      everyMs: REFRESH_EVERY_MS,
      async run() {
        await keys.refresh();
        const { keyId } = keys.front();
        if (done?.keyId === keyId && done.roundsSkipped < ROUNDS_SKIPPED_WHEN_DONE) {
          done.roundsSkipped += 1;
          return;
        }
        done = (await resealRound(database, keys, all)) === 0 ? { keyId, roundsSkipped: 0 } : undefined;
      },
    },
  ];
}

/**
 * Seals again what older keys sealed, so many rows a round, and answers how many are left. All of it is in the tables, so
 * whoever was killed in the middle, or another instance, goes on where it stopped.
 */
export async function resealRound(
  database: Database,
  keys: DataKeys,
  columns: readonly SealedColumn[],
): Promise<number> {
  const { keyId } = keys.front();
  for (const column of columns) {
    for (let batch = 0; batch < BATCHES_PER_ROUND; batch += 1) {
      const rows = await database.transaction((tx) => reseal(tx, keys, column, ROWS_PER_BATCH));
      if (rows < ROWS_PER_BATCH) break;
    }
  }
  let left = 0;
  for (const column of columns) left += await countOthers(database, keys, column);
  // Counted for the key that seals now; a change of it in between is the next round's.
  if (keys.front().keyId === keyId) await noteValuesLeft(database, keyId, left);
  return left;
}
