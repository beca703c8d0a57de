import type { Executor } from '@florin/postgres';
import { invariant } from '@florin/primitives';
import { purgeDecisions } from './decision-log.ts';
import { PREPARE_AGE_MAX_MS, purgeMarkers } from './marker.ts';

/** A week: long enough for a person to have a look, and much longer than a PREPARE is accepted. */
const KEEP_MS = 7 * 24 * 3_600_000;
/** One purge deletes at most this many rows of each table, so that it never holds anybody up. */
const PURGED_MAX = 5_000;

/**
 * A chore for each database with this package's tables: forgets decisions that ended a while ago, and markers of
 * that age. A decision that has not ended stays however old it is: without its row the outcome would change to abort.
 */
export async function purgeTwoPhase(
  db: Executor,
  options: { readonly keepMs?: number; readonly limit?: number } = {},
): Promise<{ readonly decisions: number; readonly markers: number }> {
  const { keepMs = KEEP_MS, limit = PURGED_MAX } = options;
  invariant(keepMs > PREPARE_AGE_MAX_MS, 'markers must be kept for longer than a gid may be prepared');
  return { decisions: await purgeDecisions(db, keepMs, limit), markers: await purgeMarkers(db, keepMs, limit) };
}
