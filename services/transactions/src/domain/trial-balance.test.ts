import { expect, it } from 'vitest';
import { totalsOf } from './trial-balance.ts';

const line = (currency: string, posted: bigint) => ({ account: 'any', accountId: null, currency, posted });

it('adds up each currency on its own, in two columns', () => {
  const lines = [line('EUR', -700n), line('EUR', 500n), line('JPY', -3n), line('EUR', 200n), line('JPY', 3n)];
  expect(totalsOf(lines)).toEqual([
    { currency: 'EUR', debitMinor: 700n, creditMinor: 700n },
    { currency: 'JPY', debitMinor: 3n, creditMinor: 3n },
  ]);
});

it('shows it when the books do not balance, and takes amounts beyond any number', () => {
  expect(totalsOf([line('EUR', -(10n ** 18n)), line('EUR', 10n ** 18n + 1n)])).toEqual([
    { currency: 'EUR', debitMinor: 10n ** 18n, creditMinor: 10n ** 18n + 1n },
  ]);
  expect(totalsOf([])).toEqual([]);
});
