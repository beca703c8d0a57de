import { expect, it } from 'vitest';
import { bankDate, formatBankDay, formatDate, formatLongDate, formatMonth } from './dates.ts';

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

it('shows the day of a moment as the bank counts it', () => {
  expect(formatBankDay('2026-03-31T23:59:59.999Z', 'en-GB')).toBe('31 Mar 2026');
});

it('names the weekday of a calendar date', () => {
  expect(formatLongDate('2026-11-24', 'en-GB')).toMatch(/^Tuesday,? 24 November 2026$/);
});
