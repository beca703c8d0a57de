import type { Account } from '@florin/sdk';
import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { account } from './account.fixture.ts';
import { putAccount } from './known-accounts.ts';

function known(queries: QueryClient): readonly Account[] | undefined {
  return queries.getQueryData(['accounts']);
}

it('puts a changed account in its place and a new one last', () => {
  const queries = new QueryClient();
  const [one, two, three] = ['1', '2', '3'].map((id) => account({ id }));
  queries.setQueryData(['accounts'], [one, two]);
  putAccount(queries, account({ id: '1', status: 'frozen' }));
  putAccount(queries, account({ id: '3' }));
  expect(known(queries)).toEqual([{ ...one, status: 'frozen' }, two, three]);
});

it('does not pass one account off as all of them', () => {
  const queries = new QueryClient();
  putAccount(queries, account());
  expect(known(queries)).toBeUndefined();
});
