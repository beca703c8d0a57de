import { expect, it } from 'vitest';
import { takesTwo } from './cash-limits.ts';

const LIMITS = new Map([['EUR', 500_000n]]);

it.each([
  [1n, 'EUR', false],
  [500_000n, 'EUR', false],
  [500_001n, 'EUR', true],
  [1n, 'USD', true],
])('%i of %s', (amountMinor, currency, expected) => {
  expect(takesTwo(LIMITS, amountMinor, currency)).toBe(expected);
});
