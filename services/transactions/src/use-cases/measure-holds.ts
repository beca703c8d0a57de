import { type Clock, timeOfId } from '@florin/primitives';
import { countOpenHolds } from '../repositories/holds.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerMeasures } from './ledger-measures.ts';

/** Beyond it the exact number helps nobody and costs a scan. */
const COUNTED_MAX = 100_000;

/** Sees how many holds are open, and since when the oldest of them. Who holds money for days is somebody's mistake. */
export async function measureHolds(ledger: Ledger, measures: LedgerMeasures, clock: Clock): Promise<void> {
  const { count, firstId } = await countOpenHolds(ledger.db, COUNTED_MAX);
  const oldestMs = firstId === null ? 0 : Math.max(0, clock() - timeOfId(firstId));
  measures.held(ledger.index, { count, oldestMs });
}
