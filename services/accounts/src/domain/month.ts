import { type IsoDate, utcDate } from '@florin/primitives';

/** A month of the bank's calendar, which is UTC: `YYYY-MM`. Compares correctly as a string. */
export type Month = string;

const MONTH_LENGTH = 'YYYY-MM'.length;

export function monthOf(atMs: number): Month {
  return utcDate(atMs).slice(0, MONTH_LENGTH);
}

export function nextMonth(month: Month): Month {
  return monthOf(endOfMonthMs(month));
}

export function previousMonth(month: Month): Month {
  return monthOf(Date.parse(firstDay(month)) - 1);
}

export function firstDay(month: Month): IsoDate {
  return `${month}-01`;
}

export function lastDay(month: Month): IsoDate {
  return utcDate(endOfMonthMs(month) - 1);
}

/** The first moment that is no longer in the month. */
export function endOfMonthMs(month: Month): number {
  const start = new Date(firstDay(month));
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
}
