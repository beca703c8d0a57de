import type { Database } from '@florin/postgres';
import { purgeCommands } from '../repositories/commands.ts';
import { purgeConfirmations } from '../repositories/confirmations.ts';

/** Rows of one statement: well under a second of work. */
const ROWS_PER_PURGE = 5_000;
const PURGES_MAX = 200;

/** Forgets idempotency keys older than two days, in small steps. Answers how many. */
export function purgeOldCommands(db: Database): Promise<number> {
  return inSteps((rowsMax) => purgeCommands(db, rowsMax));
}

/** Forgets confirmations that have been over for an hour, in small steps. Answers how many. */
export function purgeOldConfirmations(db: Database): Promise<number> {
  return inSteps((rowsMax) => purgeConfirmations(db, rowsMax));
}

async function inSteps(purge: (rowsMax: number) => Promise<number>): Promise<number> {
  let purged = 0;
  for (let step = 0; step < PURGES_MAX; step += 1) {
    const rows = await purge(ROWS_PER_PURGE);
    purged += rows;
    if (rows < ROWS_PER_PURGE) break;
  }
  return purged;
}
