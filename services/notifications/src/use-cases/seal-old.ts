import { sealNotices } from '../repositories/notices.ts';
import type { Deps } from './ports.ts';

/** Small transactions: whoever reads their notices never waits long for one. */
const ROWS_PER_BATCH = 200;
const BATCHES_PER_ROUND = 500;

/** Seals what notices from before there were keys say; answers how many. One look at an empty index once all is done. */
export async function sealOld({ db, keys }: Pick<Deps, 'db' | 'keys'>): Promise<number> {
  let sealed = 0;
  for (let batch = 0; batch < BATCHES_PER_ROUND; batch += 1) {
    const rows = await db.transaction((tx) => sealNotices(tx, keys, ROWS_PER_BATCH));
    sealed += rows;
    if (rows < ROWS_PER_BATCH) break;
  }
  return sealed;
}
