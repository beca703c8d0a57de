import { expect, it } from 'vitest';
import { trialGroups } from './trial-balance-groups.ts';

const money = (amount: string, currency = 'EUR') => ({ amount, currency });

const EUROS = {
  lines: [
    { account: 'cash', currency: 'EUR', posted: money('-100.00') },
    { account: 'customer-accounts', currency: 'EUR', posted: money('99.75') },
    { account: 'fee-income', currency: 'EUR', posted: money('0.25') },
    { account: 'suspense', currency: 'EUR', posted: money('0.00') },
  ],
  totals: [{ currency: 'EUR', debit: money('100.00'), credit: money('100.00'), difference: money('0.00') }],
};

it('puts each account under debit or credit, customers first', () => {
  expect(trialGroups(EUROS)).toEqual([
    {
      currency: 'EUR',
      rows: [
        { account: 'customer-accounts', debit: null, credit: money('99.75') },
        { account: 'cash', debit: money('100.00'), credit: null },
        { account: 'fee-income', debit: null, credit: money('0.25') },
        { account: 'suspense', debit: null, credit: money('0.00') },
      ],
      total: EUROS.totals[0],
      isBalanced: true,
    },
  ]);
});

it.each(['0.01', '-0.01'])('a difference of %s is an alarm', (difference) => {
  const totals = EUROS.totals.map((total) => ({ ...total, difference: money(difference) }));
  expect(trialGroups({ ...EUROS, totals })[0]?.isBalanced).toBe(false);
});

it('keeps currencies apart', () => {
  const yen = { account: 'cash', currency: 'JPY', posted: money('-5', 'JPY') };
  const total = {
    currency: 'JPY',
    debit: money('5', 'JPY'),
    credit: money('0', 'JPY'),
    difference: money('-5', 'JPY'),
  };
  const groups = trialGroups({ lines: [...EUROS.lines, yen], totals: [...EUROS.totals, total] });
  expect(groups.map(({ currency, rows, isBalanced }) => [currency, rows.length, isBalanced])).toEqual([
    ['EUR', 4, true],
    ['JPY', 1, false],
  ]);
});
