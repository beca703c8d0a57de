import { expect, it } from 'vitest';
import { readTypedAmount } from '../format/money.ts';
import { typedAmountReadings } from './amount-readings.ts';

it.each([
  ['1.250', 2, ['1250.00', '1.25']],
  ['1,250', 2, ['1250.00', '1.25']],
  ['12.345', 2, ['12345.00']],
  // Nobody writes five hundred with a nought before it.
  ['0.500', 2, ['0.50']],
  ['1.250', 0, ['1250']],
  ['999,999', 2, ['999999.00']],
])('%s with %i digits may be %j', (text, digits, readings) => {
  expect(readTypedAmount(text, digits)).toBeUndefined();
  expect(typedAmountReadings(text, digits)).toEqual(readings);
});

it.each([
  ['1.250', 3],
  ['1.250', 4],
  ['12.50', 2],
  ['1250', 2],
  ['1.250.000', 2],
  ['1,250.00', 2],
  ['', 2],
  ['abc', 2],
  ['1.25', 0],
  ['0.555', 2],
  ['0.500', 0],
])('%s with %i digits is not asked about', (text, digits) => {
  expect(typedAmountReadings(text, digits)).toEqual([]);
});
