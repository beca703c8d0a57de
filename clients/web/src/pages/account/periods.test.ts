import { describe, expect, it } from 'vitest';
import { daysBefore, monthAfter, presetDays, presetOf } from './periods.ts';

describe('presetDays', () => {
  it.each([
    ['this-month', '2026-11-24', '2026-11-01', '2026-11-30'],
    ['this-month', '2024-02-29', '2024-02-01', '2024-02-29'],
    ['last-month', '2026-01-31', '2025-12-01', '2025-12-31'],
    ['last-month', '2024-03-31', '2024-02-01', '2024-02-29'],
    ['last-90-days', '2026-11-24', '2026-08-27', '2026-11-24'],
  ] as const)('%s on %s is %s to %s', (preset, today, from, to) => {
    expect(presetDays(preset, today)).toEqual({ from, to });
    expect(presetOf({ from, to }, today)).toBe(preset);
  });

  it('counts ninety days, today among them', () => {
    const { from } = presetDays('last-90-days', '2026-11-24');
    expect(daysBefore('2026-11-24', 89)).toBe(from);
  });
});

it('is no preset when only one day is given, or it is seen from another month', () => {
  expect(presetOf({ from: '2026-11-01' }, '2026-11-24')).toBeUndefined();
  expect(presetOf({ from: '2026-11-01', to: '2026-11-30' }, '2027-01-02')).toBeUndefined();
});

it.each([
  ['2026-12', '2027-01'],
  ['2026-01', '2026-02'],
  ['2026-09', '2026-10'],
])('after %s comes %s', (month, next) => {
  expect(monthAfter(month)).toBe(next);
});
