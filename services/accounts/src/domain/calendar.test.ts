import { expect, it } from 'vitest';
import { dayRange, daysLater, periodBefore, periodOf } from './calendar.ts';

function iso({ fromMs, untilMs }: ReturnType<typeof periodOf>): string[] {
  return [fromMs, untilMs].map((ms) => new Date(ms).toISOString().slice(0, 10));
}

it.each([
  ['2026-03', ['2026-02-01', '2026-03-01', '2026-04-01']],
  ['2026-01', ['2025-12-01', '2026-01-01', '2026-02-01']],
  ['2026-12', ['2026-11-01', '2026-12-01', '2027-01-01']],
  ['2024-02', ['2024-01-01', '2024-02-01', '2024-03-01']],
])('%s and the month before', (month, [before, from, until]) => {
  expect([iso(periodBefore(month)), iso(periodOf(month))]).toEqual([
    [before, from],
    [from, until],
  ]);
});

it.each([
  ['2024-02-28', 1, '2024-02-29'],
  ['2025-02-28', 1, '2025-03-01'],
  ['2026-01-01', -1, '2025-12-31'],
])('%s and %i days', (day, days, expected) => {
  expect(daysLater(day, days)).toBe(expected);
});

const TODAY = '2026-03-31';

it.each([
  [{}, '2026-01-01', TODAY],
  [{ to: '2026-01-31' }, '2025-11-03', '2026-01-31'],
  [{ from: '2026-03-01' }, '2026-03-01', TODAY],
  [{ from: TODAY }, TODAY, TODAY],
  [{ from: '2025-03-31', to: TODAY }, '2025-03-31', TODAY],
])('the days of %o', (asked, from, to) => {
  expect(dayRange(asked, TODAY)).toEqual({ ok: true, value: { from, to } });
});

it.each([
  [{ from: '2026-02-29' }],
  [{ to: '2026-3-1' }],
  [{ from: '2026-04-01' }],
  [{ from: '2026-03-02', to: '2026-03-01' }],
  // 367 days.
  [{ from: '2025-03-30', to: TODAY }],
  [{ to: '1900-01-01', from: '1899-12-31' }],
])('no days of %o', (asked) => {
  expect(dayRange(asked, TODAY)).toMatchObject({ ok: false, failure: { code: 'invalid-date' } });
});
