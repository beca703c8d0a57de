import { describe, expect, it } from 'vitest';
import { account } from '../../api/account.fixture.ts';
import { groupAccounts } from './account-groups.ts';

describe('groupAccounts', () => {
  it('keeps the order of the bank, by currency, closed accounts last', () => {
    const closed = account({ id: '1', status: 'closed' }, '0.00');
    const yen = account({ id: '2', currency: 'JPY' }, '500');
    const open = account({ id: '3' });
    expect(groupAccounts([closed, yen, open])).toEqual([
      { currency: 'EUR', accounts: [open, closed] },
      { currency: 'JPY', accounts: [yen] },
    ]);
  });

  it.each([
    ['EUR', ['0.10', '0.20'], '0.30'],
    ['EUR', ['9999999999999999.99', '0.01'], '10000000000000000.00'],
    ['EUR', ['-5.00', '4.95'], '-0.05'],
    ['JPY', ['999999999999999999', '1'], '1000000000000000000'],
    ['KWD', ['0.001', '-0.001'], '0.000'],
  ])('adds up %s %j without rounding', (currency, amounts, sum) => {
    const accounts = amounts.map((amount, index) => account({ id: `${index}`, currency }, amount));
    expect(groupAccounts(accounts)[0]?.available).toEqual({ amount: sum, currency });
  });

  it('leaves closed accounts out of the sum', () => {
    const accounts = [account({ id: '1' }), account({ id: '2' }), account({ id: '3', status: 'closed' }, '7.00')];
    expect(groupAccounts(accounts)[0]?.available?.amount).toBe('200.00');
  });
});
