import type { IsoDate } from '@florin/primitives';
import { addDays, addMonths, daysBetween, monthsBetween } from './calendar.ts';

export type Frequency = 'weekly' | 'monthly' | 'quarterly' | 'yearly';

/**
 * The dates of a standing order: the start date, and from it every week, month, quarter or year, up to and with the
 * end date. Each date is counted from the start and never from the one before it, so 31 January is followed by
 * 28 February and then by 31 March again.
 */
export interface Schedule {
  readonly frequency: Frequency;
  readonly startDate: IsoDate;
  readonly endDate: IsoDate | null;
}

const DAYS_PER_WEEK = 7;
const MONTHS: Readonly<Record<Exclude<Frequency, 'weekly'>, number>> = { monthly: 1, quarterly: 3, yearly: 12 };

/** The first date of the schedule that is not before a date; null when there is none any more. */
export function firstFrom(schedule: Schedule, date: IsoDate): IsoDate | null {
  const first = date <= schedule.startDate ? schedule.startDate : firstAfterStart(schedule, date);
  return schedule.endDate !== null && first > schedule.endDate ? null : first;
}

/** The first date of the schedule after a date; null when there is none any more. */
export function firstAfter(schedule: Schedule, date: IsoDate): IsoDate | null {
  return firstFrom(schedule, addDays(date, 1));
}

function firstAfterStart({ frequency, startDate }: Schedule, date: IsoDate): IsoDate {
  if (frequency === 'weekly') {
    return addDays(startDate, Math.ceil(daysBetween(startDate, date) / DAYS_PER_WEEK) * DAYS_PER_WEEK);
  }
  const step = MONTHS[frequency];
  const steps = Math.floor(monthsBetween(startDate, date) / step);
  // In the month of the date itself the day may be over; the step after it is in a later month.
  const candidate = addMonths(startDate, steps * step);
  return candidate >= date ? candidate : addMonths(startDate, (steps + 1) * step);
}
