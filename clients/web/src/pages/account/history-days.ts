import type { Posting } from '@florin/sdk';
import { bankDate } from '../../format/dates.ts';

/** What happened on a day. */
export interface HistoryDay {
  /** A day of the bank's calendar, YYYY-MM-DD. */
  readonly date: string;
  readonly lines: readonly Posting[];
}

/**
 * Lines by day, in the order they came. Days are cut where the filters, the statements and the export cut them: at
 * midnight UTC, the bank's own, not at the reader's.
 */
export function groupByDay(lines: readonly Posting[]): HistoryDay[] {
  const days: { readonly date: string; readonly lines: Posting[] }[] = [];
  for (const line of lines) {
    const date = bankDate(new Date(line.bookedAt));
    const last = days.at(-1);
    if (last?.date === date) last.lines.push(line);
    else days.push({ date, lines: [line] });
  }
  return days;
}
