import type { Money } from '@florin/sdk';
import { describe, expect, it } from 'vitest';
import { entryLines, sumOf } from './journal-columns.ts';

const euros = (amount: string): Money => ({ amount, currency: 'EUR' });
const account = (name: string) => ({ accountId: `id of ${name}`, iban: null, name });

describe('entryLines', () => {
  it('puts what leaves an account under debit, without its sign, and what comes to it under credit', () => {
    const postings = [
      { account: account('payee'), amount: euros('-10.00'), balanceAfter: euros('0.00') },
      { account: account('receivable'), amount: euros('-2.50'), balanceAfter: null },
      { account: account('payer'), amount: euros('12.50'), balanceAfter: euros('99.00') },
    ];
    expect(entryLines(postings)).toEqual([
      { account: account('payee'), debit: euros('10.00'), credit: null, balanceAfter: euros('0.00') },
      { account: account('receivable'), debit: euros('2.50'), credit: null, balanceAfter: null },
      { account: account('payer'), debit: null, credit: euros('12.50'), balanceAfter: euros('99.00') },
    ]);
  });
});

describe('sumOf', () => {
  it('adds exactly, whatever the size', () => {
    expect(sumOf([euros('0.10'), null, euros('0.20')])).toEqual(euros('0.30'));
    expect(sumOf([euros('9999999999999.98'), euros('0.01')])).toEqual(euros('9999999999999.99'));
    expect(
      sumOf([
        { amount: '1.001', currency: 'KWD' },
        { amount: '-0.002', currency: 'KWD' },
      ]),
    ).toEqual({ amount: '0.999', currency: 'KWD' });
  });

  it.each([
    ['nothing', []],
    ['only gaps', [null, null]],
    ['two currencies', [euros('1.00'), { amount: '1', currency: 'JPY' }]],
    ['what is no amount', [euros('1.0.0')]],
  ])('does not add %s', (_, amounts) => {
    expect(sumOf(amounts)).toBeUndefined();
  });
});
