import { describe, expect, it } from 'vitest';
import { addDays, addMonths, datesBetween, isCalendarDate, lastDate, type Schedule, secondDate } from './schedule.ts';

function schedule(frequency: Schedule['frequency'], startDate: string, endDate: string | null = null): Schedule {
  return { frequency, startDate, endDate };
}

describe('datesBetween', () => {
  it.each<[string, Schedule, string, string, string[]]>([
    [
      'a week',
      schedule('weekly', '2026-12-24'),
      '2026-12-24',
      '2027-01-08',
      ['2026-12-24', '2026-12-31', '2027-01-07'],
    ],
    ['a month', schedule('monthly', '2026-01-15'), '2026-02-01', '2026-04-15', ['2026-02-15', '2026-03-15']],
    ['a short month', schedule('monthly', '2027-01-31'), '2027-02-01', '2027-04-01', ['2027-02-28', '2027-03-31']],
    ['a leap year', schedule('monthly', '2028-01-31'), '2028-02-01', '2028-03-01', ['2028-02-29']],
    ['a quarter', schedule('quarterly', '2026-11-30'), '2026-12-01', '2027-06-01', ['2027-02-28', '2027-05-30']],
    [
      '29 February',
      schedule('yearly', '2028-02-29'),
      '2029-01-01',
      '2033-01-01',
      ['2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29'],
    ],
    ['a day before the start', schedule('monthly', '2026-05-01'), '2026-01-01', '2026-06-01', ['2026-05-01']],
    ['a year much later', schedule('weekly', '2026-01-01'), '2126-01-01', '2126-01-08', ['2126-01-03']],
    [
      'an end on a date',
      schedule('monthly', '2026-01-31', '2026-03-31'),
      '2026-01-01',
      '2027-01-01',
      ['2026-01-31', '2026-02-28', '2026-03-31'],
    ],
    ['an end before a date', schedule('monthly', '2026-01-31', '2026-03-30'), '2026-03-01', '2027-01-01', []],
  ])('counts over %s', (_, of, from, before, dates) => {
    expect(datesBetween(of, from, before)).toEqual(dates);
  });

  it('stops by itself', () => {
    expect(datesBetween(schedule('weekly', '2026-01-01'), '2026-01-01', '9999-12-31')).toHaveLength(100);
  });
});

it('knows the second date and the last', () => {
  expect(secondDate(schedule('monthly', '2026-01-31'))).toBe('2026-02-28');
  expect(secondDate(schedule('monthly', '2026-01-31', '2026-02-27'))).toBeNull();
  expect(lastDate(schedule('monthly', '2026-01-31'))).toBeNull();
  expect(lastDate(schedule('monthly', '2026-01-31', '2026-12-15'))).toBe('2026-11-30');
  expect(lastDate(schedule('monthly', '2026-01-31', '2026-11-30'))).toBe('2026-11-30');
  expect(lastDate(schedule('weekly', '2026-01-01', '2026-01-01'))).toBe('2026-01-01');
  expect(lastDate(schedule('weekly', '2026-01-02', '2026-01-01'))).toBeNull();
});

it('adds days and months over the edges of the calendar', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(addMonths('2026-12-31', 2)).toBe('2027-02-28');
  expect(addMonths('2026-01-31', -2)).toBe('2025-11-30');
});

it.each(['', '2026-02-29', '2026-13-01', '2026-00-10', '26-01-01', '0000-01-01', '2026-1-1', '12026-01-01', 'x'])(
  'does not take %s for a date',
  (text) => {
    expect(isCalendarDate(text)).toBe(false);
  },
);
