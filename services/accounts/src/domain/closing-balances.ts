import { type IsoDate, utcDate } from '@florin/primitives';
import type { HistoryLine } from './history.ts';

/** What was on an account at the end of a day. */
export interface Closing {
  readonly date: IsoDate;
  readonly postedMinor: bigint;
}

/** Closings, oldest first, with lines that are not in them yet. A balance stays until the next line changes it. */
export function withNewerLines(closings: readonly Closing[], lines: readonly HistoryLine[]): readonly Closing[] {
  if (lines.length === 0) return closings;
  const oldestFirst = lines.toSorted((a, b) => a.version - b.version || a.line - b.line);
  return closings.map((closing) => {
    const last = oldestFirst.findLast((line) => utcDate(line.bookedAtMs) <= closing.date);
    return last === undefined ? closing : { ...closing, postedMinor: last.balanceAfterMinor };
  });
}
