import { type IsoDate, utcDate } from '@florin/primitives';

const DAY_MS = 86_400_000;

/** Whether a text of the form YYYY-MM-DD is a day of the calendar: 2027-02-29 is not. */
export function isCalendarDate(text: string): boolean {
  const atMs = midnightMs(text);
  return Number.isFinite(atMs) && utcDate(atMs) === text;
}

/** The date so many days later, or earlier when negative. */
export function addDays(date: IsoDate, days: number): IsoDate {
  return utcDate(midnightMs(date) + days * DAY_MS);
}

/** How many days `to` is after `from`. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return (midnightMs(to) - midnightMs(from)) / DAY_MS;
}

/** How many months the month of `to` is after the month of `from`; the days do not count. */
export function monthsBetween(from: IsoDate, to: IsoDate): number {
  return monthIndex(to) - monthIndex(from);
}

/** The same day so many months later; a day that month lacks becomes its last: 31 January and one month is 28 February. */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const index = monthIndex(date) + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12;
  // Day 0 of a month is the last day of the month before it.
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return utcDate(Date.UTC(year, month, Math.min(dayOf(date), lastDay)));
}

function monthIndex(date: IsoDate): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

function dayOf(date: IsoDate): number {
  return Number(date.slice(8, 10));
}

function midnightMs(date: IsoDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}
