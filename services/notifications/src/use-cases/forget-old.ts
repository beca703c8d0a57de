import { purgeInbox } from '@florin/messaging';
import { purgeNotices } from '../repositories/notices.ts';
import { purgeWaiting } from '../repositories/waiting-transfers.ts';
import type { Deps } from './ports.ts';

/** A little over a year, so that last year's same month can be looked up. */
const NOTICES_KEPT_DAYS = 400;
/** Whoever's account nobody spoke of in so long is not somebody of ours. */
const WAITING_KEPT_DAYS = 30;
/** Rows forgotten at a time: more would hold locks for long. */
const ROWS_MAX = 1_000;

/** Forgets what is too old to matter, a bounded number of rows a time. */
export async function forgetOld({ db }: Pick<Deps, 'db'>): Promise<void> {
  await purgeNotices(db, NOTICES_KEPT_DAYS, ROWS_MAX);
  await purgeWaiting(db, WAITING_KEPT_DAYS, ROWS_MAX);
  await purgeInbox(db, ROWS_MAX);
}
