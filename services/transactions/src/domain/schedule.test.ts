import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addMonths, daysBetween, isCalendarDate, monthsBetween } from './calendar.ts';
import { type Frequency, firstAfter, firstFrom, type Schedule } from './schedule.ts';

function scheduleOf(frequency: Frequency, startDate: string, endDate: string | null = null): Schedule {
  return { frequency, startDate, endDate };
}

/** The first dates of a schedule, one asked for after the other. */
function datesOf(schedule: Schedule, count: number): string[] {
  const dates: string[] = [];
  let date = firstFrom(schedule, schedule.startDate);
  while (date !== null && dates.length < count) {
    dates.push(date);
    date = firstAfter(schedule, date);
  }
  return dates;
}

describe('the dates of a schedule', () => {
  it.each<[string, Frequency, string, string[]]>([
    ['a week apart, over the end of a year', 'weekly', '2026-12-24', ['2026-12-24', '2026-12-31', '2027-01-07']],
    ['a week apart, over 29 February', 'weekly', '2028-02-26', ['2028-02-26', '2028-03-04', '2028-03-11']],
    ['a month apart', 'monthly', '2026-01-15', ['2026-01-15', '2026-02-15', '2026-03-15']],
    [
      'on the last day of the months that lack the 31st',
      'monthly',
      '2027-01-31',
      ['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31'],
    ],
    ['on 29 February in a leap year', 'monthly', '2028-01-31', ['2028-01-31', '2028-02-29', '2028-03-31']],
    [
      'on the 30th wherever there is one',
      'monthly',
      '2026-12-30',
      ['2026-12-30', '2027-01-30', '2027-02-28', '2027-03-30'],
    ],
    ['a quarter apart', 'quarterly', '2026-11-30', ['2026-11-30', '2027-02-28', '2027-05-30', '2027-08-30']],
    [
      'a quarter apart from a 31st',
      'quarterly',
      '2026-08-31',
      ['2026-08-31', '2026-11-30', '2027-02-28', '2027-05-31'],
    ],
    ['a year apart', 'yearly', '2026-06-01', ['2026-06-01', '2027-06-01', '2028-06-01']],
    [
      'on 28 February but in leap years',
      'yearly',
      '2028-02-29',
      ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29'],
    ],
    [
      'without 29 February in the year 2100',
      'yearly',
      '2096-02-29',
      ['2096-02-29', '2097-02-28', '2098-02-28', '2099-02-28', '2100-02-28', '2101-02-28'],
    ],
  ])('lie %s', (_, frequency, start, expected) => {
    expect(datesOf(scheduleOf(frequency, start), expected.length)).toEqual(expected);
  });

  it('end with the end date, and with the last before it', () => {
    expect(datesOf(scheduleOf('monthly', '2026-01-31', '2026-03-31'), 9)).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
    ]);
    expect(datesOf(scheduleOf('monthly', '2026-01-31', '2026-03-30'), 9)).toEqual(['2026-01-31', '2026-02-28']);
    expect(datesOf(scheduleOf('weekly', '2026-01-31', '2026-01-31'), 9)).toEqual(['2026-01-31']);
  });

  it.each([
    ['before the start', '2020-01-01', '2026-01-31'],
    ['on a date', '2026-02-28', '2026-02-28'],
    ['between dates', '2026-03-01', '2026-03-31'],
    ['long after', '2126-02-01', '2126-02-28'],
  ])('from a day %s', (_, day, expected) => {
    expect(firstFrom(scheduleOf('monthly', '2026-01-31'), day)).toBe(expected);
  });
});

const frequencies = fc.constantFrom<Frequency>('weekly', 'monthly', 'quarterly', 'yearly');
const days = fc.integer({ min: 0, max: 40_000 }).map((day) => addDays('2000-01-01', day));
const MONTHS = { monthly: 1, quarterly: 3, yearly: 12 } as const;

describe('every schedule', () => {
  it('rises strictly, skips no week or month, and keeps the day of its start', () => {
    const property = fc.property(frequencies, days, (frequency, start) => {
      const dates = datesOf(scheduleOf(frequency, start), 60);
      expect(dates).toHaveLength(60);
      for (const [index, date] of dates.entries()) {
        expect(isCalendarDate(date)).toBe(true);
        if (frequency === 'weekly') expect(daysBetween(start, date)).toBe(index * 7);
        else {
          expect(monthsBetween(start, date)).toBe(index * MONTHS[frequency]);
          // The day of the start, or the last one of a month that lacks it.
          const isOnDay = date.slice(8) === start.slice(8);
          expect(isOnDay || (date.slice(8) < start.slice(8) && addDays(date, 1).endsWith('-01'))).toBe(true);
        }
        const before = dates[index - 1];
        if (before !== undefined) expect(date > before).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('answers the same date from whatever day one looks', () => {
    const property = fc.property(frequencies, days, days, (frequency, start, day) => {
      const schedule = scheduleOf(frequency, start);
      const found = firstFrom(schedule, day);
      if (found === null) throw new Error('a schedule without an end always goes on');
      expect(found >= day && found >= start).toBe(true);
      expect(firstFrom(schedule, found)).toBe(found);
      // None is left out: from the day after the one before it the same is found.
      const earlier = addDays(found, frequency === 'weekly' ? -7 : -27);
      if (earlier >= start && earlier >= day) expect(firstAfter(schedule, earlier)).toBe(found);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('the calendar', () => {
  it.each([
    '2026-02-29',
    '2100-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-32',
    '0000-00-00',
  ])('has no %s', (text) => expect(isCalendarDate(text)).toBe(false));

  it.each(['2028-02-29', '2000-02-29', '2026-12-31', '9999-12-31'])('has %s', (text) => {
    expect(isCalendarDate(text)).toBe(true);
  });

  it('counts months back over the year as well', () => {
    expect([addMonths('2026-01-31', -2), addMonths('2026-01-31', 25), addDays('2026-03-01', -1)]).toEqual([
      '2025-11-30',
      '2028-02-29',
      '2026-02-28',
    ]);
  });
});
