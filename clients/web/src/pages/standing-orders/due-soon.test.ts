import type { StandingOrder } from '@florin/sdk';
import { describe, expect, it } from 'vitest';
import { dueDates, sumDue } from './due-soon.ts';

const TODAY = '2026-11-26';

function order(more: Partial<StandingOrder> = {}): StandingOrder {
  return {
    id: '1',
    status: 'active',
    fromAccountId: 'everyday',
    toIban: 'NL91ABNA0417164300',
    payeeName: 'Kanaal Housing',
    amount: { amount: '985.00', currency: 'EUR' },
    reference: 'Rent',
    frequency: 'monthly',
    startDate: '2026-10-01',
    endDate: null,
    nextDate: '2026-12-01',
    attempts: 0,
    createdAt: '2026-09-26T00:00:00Z',
    ...more,
  };
}

describe('dueDates', () => {
  it.each<[string, Partial<StandingOrder>, string[]]>([
    ['a month ahead once', {}, ['2026-12-01']],
    ['today', { nextDate: TODAY, startDate: TODAY }, [TODAY]],
    ['the thirtieth day', { nextDate: '2026-12-25', startDate: '2026-12-25' }, ['2026-12-25']],
    ['not the one after', { nextDate: '2026-12-26', startDate: '2026-12-26' }, []],
    [
      'every week of it',
      { frequency: 'weekly', startDate: '2026-11-27', nextDate: '2026-11-27' },
      ['2026-11-27', '2026-12-04', '2026-12-11', '2026-12-18', '2026-12-25'],
    ],
    [
      'a date that was left out not',
      { frequency: 'weekly', startDate: '2026-11-27', nextDate: '2026-12-18' },
      ['2026-12-18', '2026-12-25'],
    ],
    [
      'a date that is still tried',
      { frequency: 'yearly', startDate: '2026-11-24', nextDate: '2026-11-24', attempts: 2 },
      ['2026-11-24'],
    ],
    [
      'up to its end',
      { frequency: 'weekly', startDate: '2026-11-27', nextDate: '2026-11-27', endDate: '2026-12-04' },
      ['2026-11-27', '2026-12-04'],
    ],
    ['nothing while paused', { status: 'paused' }, []],
    ['nothing when over', { status: 'cancelled', nextDate: null }, []],
  ])('counts %s', (_, more, dates) => {
    expect(dueDates(order(more), TODAY)).toEqual(dates);
  });
});

describe('sumDue', () => {
  it('is exact beyond what a double holds', () => {
    const large = order({ amount: { amount: '9999999999999.99', currency: 'EUR' } });
    const many = Array.from({ length: 1_000 }, () => large);
    expect(sumDue([...many, order({ amount: { amount: '0.01', currency: 'EUR' } })], TODAY)).toEqual([
      { amount: '9999999999999990.01', currency: 'EUR' },
    ]);
  });

  it('adds cents without losing any', () => {
    const cents = [
      order({ amount: { amount: '0.10', currency: 'EUR' } }),
      order({ amount: { amount: '0.20', currency: 'EUR' } }),
    ];
    expect(sumDue(cents, TODAY)).toEqual([{ amount: '0.30', currency: 'EUR' }]);
  });

  it('counts each date, per currency, with its digits', () => {
    const weekly = { frequency: 'weekly', startDate: '2026-11-27', nextDate: '2026-11-27' } as const;
    const orders = [
      order({ ...weekly, amount: { amount: '12.50', currency: 'EUR' } }),
      order({ amount: { amount: '1000', currency: 'JPY' } }),
      order(),
      order({ amount: { amount: '1.250', currency: 'KWD' } }),
      order({ status: 'paused', amount: { amount: '5.00', currency: 'USD' } }),
    ];
    expect(sumDue(orders, TODAY)).toEqual([
      { amount: '1047.50', currency: 'EUR' },
      { amount: '1000', currency: 'JPY' },
      { amount: '1.250', currency: 'KWD' },
    ]);
  });

  it('is empty when nothing is due', () => {
    expect(sumDue([], TODAY)).toEqual([]);
  });
});
