import { expect, it } from 'vitest';
import { currencyName } from './currencies.ts';

it('names a currency, and falls back to its code', () => {
  expect(currencyName('EUR', 'en-GB')).toBe('Euro');
  expect(currencyName('ZZZ', 'en-GB')).toBe('ZZZ');
});
