import type { Database } from '@florin/postgres';
import { purgeCommands } from '../repositories/commands.ts';

/** Rows of one statement: well under a second of work. */
const ROWS_PER_PURGE = 5_000;
const PURGES_MAX = 200;

/** Forgets idempotency keys older than two days, in small steps. Answers how many. */
export async function purgeOldCommands(db: Database): Promise<number> {
  let purged = 0;
  for (let step = 0; step < PURGES_MAX; step += 1) {
    const rows = await purgeCommands(db, ROWS_PER_PURGE);
    purged += rows;
    if (rows < ROWS_PER_PURGE) break;
  }
  return purged;
}
