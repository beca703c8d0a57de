import { expect, it } from 'vitest';
import { shareOf } from './share.ts';

it.each([
  ['25.00', '100.00', 25],
  ['1', '3', 33.3],
  ['0.00', '0.00', 0],
  ['-5.00', '10.00', 0],
  ['20.00', '10.00', 100],
  ['999999999999999.99', '999999999999999.99', 100],
])('%s of %s is %f %%', (part, whole, percent) => {
  expect(shareOf(part, whole)).toBe(percent);
});
