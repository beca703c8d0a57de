import type { StandingOrder } from '@florin/sdk';

/** The dates of a standing order: its start, and from there every week, month, quarter or year up to its end. */
export interface Schedule {
  readonly frequency: StandingOrder['frequency'];
  /** YYYY-MM-DD, as all dates here; they compare as texts. */
  readonly startDate: string;
  readonly endDate: string | null;
}

const DAY_MS = 86_400_000;
const DAYS_PER_WEEK = 7;
const MONTHS_PER_STEP: Readonly<Record<Exclude<StandingOrder['frequency'], 'weekly'>, number>> = {
  monthly: 1,
  quarterly: 3,
  yearly: 12,
};

/** Days of the calendar, without a time: noon and summer time do not exist in UTC. */
function dateOf(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
}

function partsOf(date: string): { readonly year: number; readonly month: number; readonly day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)) - 1, day: Number(date.slice(8, 10)) };
}

/** Whether a text is a day of the calendar in the four-digit years we pay in. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const { year, month, day } = partsOf(text);
  return year >= 1000 && dateOf(year, month, day) === text;
}

/** So many days after a date, or before it. */
export function addDays(date: string, days: number): string {
  const { year, month, day } = partsOf(date);
  return dateOf(year, month, day + days);
}

/** So many months after a date: the same day, or the last of a month that lacks it. */
export function addMonths(date: string, months: number): string {
  const { year, month, day } = partsOf(date);
  const lastDay = Number(dateOf(year, month + months + 1, 0).slice(8));
  return dateOf(year, month + months, Math.min(day, lastDay));
}

/**
 * The nth date of a schedule, counted from its start (0) and not from the date before it: 31 January is followed by
 * 28 February and then by 31 March again.
 */
function nthDate({ frequency, startDate }: Schedule, n: number): string {
  if (frequency === 'weekly') return addDays(startDate, n * DAYS_PER_WEEK);
  return addMonths(startDate, n * MONTHS_PER_STEP[frequency]);
}

/** The number of the first date that is not before a day. */
function firstNumberFrom(schedule: Schedule, day: string): number {
  if (day <= schedule.startDate) return 0;
  const estimate =
    schedule.frequency === 'weekly'
      ? Math.floor((Date.parse(day) - Date.parse(schedule.startDate)) / DAY_MS / DAYS_PER_WEEK)
      : Math.floor(monthsBetween(schedule.startDate, day) / MONTHS_PER_STEP[schedule.frequency]);
  return nthDate(schedule, estimate) >= day ? estimate : estimate + 1;
}

function monthsBetween(from: string, to: string): number {
  const [a, b] = [partsOf(from), partsOf(to)];
  return (b.year - a.year) * 12 + b.month - a.month;
}

/** More dates than anything here looks at. */
const DATES_MAX = 100;

/** The dates of a schedule from one day on and before another. */
export function datesBetween(schedule: Schedule, from: string, before: string): string[] {
  const first = firstNumberFrom(schedule, from);
  const dates: string[] = [];
  for (let n = first; n < first + DATES_MAX; n += 1) {
    const date = nthDate(schedule, n);
    if (date >= before || (schedule.endDate !== null && date > schedule.endDate)) break;
    dates.push(date);
  }
  return dates;
}

/** The second date of a schedule; null when there is only one. */
export function secondDate(schedule: Schedule): string | null {
  const date = nthDate(schedule, 1);
  return schedule.endDate !== null && date > schedule.endDate ? null : date;
}

/** The last date of a schedule with an end; null when it has none. */
export function lastDate(schedule: Schedule): string | null {
  const { endDate } = schedule;
  if (endDate === null || endDate < schedule.startDate) return null;
  return nthDate(schedule, firstNumberFrom(schedule, addDays(endDate, 1)) - 1);
}
