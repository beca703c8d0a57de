import { expect, it } from 'vitest';
import { minorUnits } from './minor-units.ts';

it.each([
  ['125.50', 'EUR', 12_550n],
  ['-0.05', 'EUR', -5n],
  ['0.00', 'EUR', 0n],
  ['1234', 'JPY', 1_234n],
  ['1.500', 'KWD', 1_500n],
  ['900719925474099301.99', 'EUR', 90_071_992_547_409_930_199n],
])('%s %s', (amount, currency, minor) => {
  expect(minorUnits({ amount, currency })).toBe(minor);
});
