import type { Account } from '@florin/sdk';
import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { applyChange, readChange } from './live-changes.ts';

const balance = (amount: string, version: number): Account['balance'] => {
  const money = { amount, currency: 'EUR' };
  return { posted: money, available: money, held: { amount: '0.00', currency: 'EUR' }, version };
};
const account = (id: string, version: number): Account => ({
  id,
  iban: 'NL91ABNA0417164300',
  name: 'Everyday',
  product: 'current-eur',
  currency: 'EUR',
  status: 'active',
  balance: balance('10.00', version),
  dailyLimit: { amount: '10000.00', currency: 'EUR' },
  openedAt: '2026-01-01T00:00:00Z',
});

function queriesWith(...accounts: Account[]): QueryClient {
  const queries = new QueryClient();
  queries.setQueryData(['accounts'], accounts);
  return queries;
}

describe('applyChange', () => {
  it('shows the newer balance of that account only', () => {
    const queries = queriesWith(account('one', 3), account('two', 9));
    applyChange(queries, { accountId: 'one', status: 'frozen', balance: balance('7.50', 4) });
    expect(queries.getQueryData<Account[]>(['accounts'])).toEqual([
      { ...account('one', 3), status: 'frozen', balance: balance('7.50', 4) },
      account('two', 9),
    ]);
  });

  it('keeps what is there when the change is older or the same', () => {
    const queries = queriesWith(account('one', 5));
    for (const version of [4, 5])
      applyChange(queries, { accountId: 'one', status: 'active', balance: balance('1.00', version) });
    expect(queries.getQueryData<Account[]>(['accounts'])).toEqual([account('one', 5)]);
  });

  it('asks for the accounts again when one is new, and only then', () => {
    const queries = queriesWith(account('one', 1));
    applyChange(queries, { accountId: 'one', status: 'active', balance: balance('1.00', 2) });
    expect(queries.getQueryState(['accounts'])?.isInvalidated).toBe(false);
    applyChange(queries, { accountId: 'two', status: 'active', balance: balance('0.00', 1) });
    expect(queries.getQueryState(['accounts'])?.isInvalidated).toBe(true);
  });

  it('makes everything from the history old', () => {
    const queries = queriesWith(account('one', 1));
    queries.setQueryData(['history', 'dashboard'], {});
    applyChange(queries, { accountId: 'one', status: 'active', balance: balance('1.00', 2) });
    expect(queries.getQueryState(['history', 'dashboard'])?.isInvalidated).toBe(true);
  });
});

describe('readChange', () => {
  it.each(['', '{', 'null', '[]', '{"accountId":1}', '{"accountId":"x"}', '{"accountId":"x","balance":null}'])(
    'ignores %s',
    (data) => {
      expect(readChange(data)).toBeUndefined();
    },
  );
});
