import { expect, it } from 'vitest';
import { bankDate, formatDate, formatMonth } from './dates.ts';

it('shows a calendar date as that day, whatever the zone', () => {
  expect(formatDate('2026-03-01', 'en-GB')).toBe('1 Mar 2026');
  expect(formatDate('2024-02-29', 'en-GB')).toBe('29 Feb 2024');
});

it('names a month', () => {
  expect(formatMonth('2026-10', 'en-GB')).toBe('October 2026');
});

it('cuts the day at midnight UTC, as the bank does', () => {
  expect(bankDate(new Date('2026-03-31T23:59:59.999Z'))).toBe('2026-03-31');
});
