import { fail, type IsoDate, ok, type Result, utcDate } from '@florin/primitives';
import type { AccountFailure } from './failures.ts';

/** A month of the business calendar, `YYYY-MM`. Days begin and end in UTC. */
export type Month = string;

/** Moments between which things were booked, the end not included. */
export interface Period {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Earlier than any account; dates before it are typing errors, and the database knows no year 0. */
const EARLIEST: IsoDate = '1900-01-01';

/** Whether a text is a day that a calendar has, and not an absurd one. */
export function isCalendarDate(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === date && date >= EARLIEST;
}

export function monthOf(day: IsoDate): Month {
  return day.slice(0, 7);
}

export function periodOf(month: Month): Period {
  return { fromMs: Date.parse(`${month}-01T00:00:00Z`), untilMs: monthsLater(month, 1) };
}

export function periodBefore(month: Month): Period {
  return { fromMs: monthsLater(month, -1), untilMs: Date.parse(`${month}-01T00:00:00Z`) };
}

function monthsLater(month: Month, months: number): number {
  const at = new Date(`${month}-01T00:00:00Z`);
  return at.setUTCMonth(at.getUTCMonth() + months);
}

const DAY_MS = 86_400_000;

export function daysLater(day: IsoDate, days: number): IsoDate {
  return utcDate(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}

/** Days from the first to the last, both included. */
export interface DayRange {
  readonly from: IsoDate;
  readonly to: IsoDate;
}

const DAYS_DEFAULT = 90;
/** A leap year. */
const DAYS_MAX = 366;

/**
 * The days asked for; without a last one up to today, without a first one 90 of them. Fails with `invalid-date` for a
 * day that no calendar has, a range that runs backwards, or one of more than 366 days.
 */
export function dayRange(
  asked: { readonly from?: string; readonly to?: string },
  today: IsoDate,
): Result<DayRange, AccountFailure> {
  for (const date of [asked.from, asked.to]) {
    if (date !== undefined && !isCalendarDate(date)) return invalid('Dates must be days of the calendar, YYYY-MM-DD.');
  }
  const to = asked.to ?? today;
  const from = asked.from ?? daysLater(to, 1 - DAYS_DEFAULT);
  if (from > to) return invalid('The first day must not be after the last.');
  if (daysLater(from, DAYS_MAX) <= to) return invalid(`The range must not be longer than ${DAYS_MAX} days.`);
  return ok({ from, to });
}

function invalid(detail: string) {
  return fail<AccountFailure>({ code: 'invalid-date', detail });
}
