import { answerOf } from '@florin/sdk';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';
import type { HistorySearch } from './history-search.ts';
import { readStretch } from './history-stretch.ts';
import { accountsQuery } from './queries.ts';

// What the pages of an account read. Live changes call everything below 'accounts' and 'history' old.

/** Kinds of account hardly ever change. */
const PRODUCTS_FRESH_MS = 3_600_000;

export function productsQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['products'],
    staleTime: PRODUCTS_FRESH_MS,
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/products', { signal }))).data,
  });
}

/**
 * One of one's own accounts; null when it is not there. Read from the list of all, which is short: so every page shows
 * the same balance of the same account, and a live change has one place to go to.
 */
export function accountQuery(bank: Bank, accountId: string) {
  return queryOptions({
    ...accountsQuery(bank),
    select: (accounts) => accounts.find((account) => account.id === accountId) ?? null,
  });
}

/** How many lines of a history one page holds. */
const HISTORY_PAGE_SIZE = 50;

export function historyQuery({ api }: Bank, accountId: string, search: HistorySearch) {
  return infiniteQueryOptions({
    queryKey: ['history', 'account', accountId, search],
    initialPageParam: undefined as string | undefined,
    queryFn({ signal, pageParam }) {
      const read = (query: HistorySearch & { readonly limit: number; readonly cursor?: string }) =>
        answerOf(api.GET('/v1/accounts/{id}/transactions', { signal, params: { path: { id: accountId }, query } }));
      return readStretch(
        {
          pageSize: HISTORY_PAGE_SIZE,
          page: (cursor) => read({ ...search, limit: HISTORY_PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) }),
          // A place in a history is one, whatever is searched for.
          lineAt: async (cursor) => (await read({ limit: 1, cursor }).catch(() => undefined))?.data[0],
        },
        pageParam,
      );
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    // While another search of the same account loads, what was found before stands there; never another account's.
    placeholderData: (before, query) => (query?.queryKey[2] === accountId ? before : undefined),
  });
}

export function transactionQuery({ api }: Bank, accountId: string, transactionId: string) {
  return queryOptions({
    queryKey: ['history', 'transaction', accountId, transactionId],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/v1/accounts/{id}/transactions/{transactionId}', {
          signal,
          params: { path: { id: accountId, transactionId } },
        }),
      ),
  });
}

/** A transfer as the ledger knows it: whether it was taken back shows here, not in the line. */
export function transferQuery({ api }: Bank, transferId: string) {
  return queryOptions({
    queryKey: ['history', 'transfer', transferId],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/transfers/{id}', { signal, params: { path: { id: transferId } } })),
  });
}

/** Two years of statements at a time. */
const STATEMENTS_PAGE_SIZE = 24;

export function statementsQuery({ api }: Bank, accountId: string) {
  return infiniteQueryOptions({
    queryKey: ['statements', accountId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        api.GET('/v1/accounts/{id}/statements', {
          signal,
          params: {
            path: { id: accountId },
            query: { limit: STATEMENTS_PAGE_SIZE, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}
