import { type IsoDate, utcDate } from '@florin/primitives';
import type { HistoryLine } from '../domain/history.ts';
import { newestBookedAtMs } from '../repositories/insights.ts';
import type { Deps } from './ports.ts';

/**
 * The business date as far as this service can tell. The business clock is the ledger's, and moves forward only: it is
 * at least where the newest line of these accounts was booked. Otherwise the clock of this machine has to do, which is
 * the same wherever nobody has moved the bank's.
 */
export async function businessToday(
  deps: Pick<Deps, 'db' | 'clock'>,
  accountIds: readonly string[],
  newest: readonly HistoryLine[],
): Promise<IsoDate> {
  const bookedAtMs = (await newestBookedAtMs(deps.db, accountIds)) ?? 0;
  return utcDate(Math.max(deps.clock(), bookedAtMs, ...newest.map((line) => line.bookedAtMs)));
}
