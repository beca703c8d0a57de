import { type Account, answerOf } from '@florin/sdk';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';
import type { HistorySearch } from './history-search.ts';
import { readStretch } from './history-stretch.ts';

// What the pages of an account read. Live changes call everything below 'accounts' and 'history' old.

/** Kinds of account hardly ever change. */
const PRODUCTS_FRESH_MS = 3_600_000;

/** How often an account is looked at that is being opened or closed. */
const SETTLING_MS = 2_000;

export function productsQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['products'],
    staleTime: PRODUCTS_FRESH_MS,
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/products', { signal }))).data,
  });
}

export function accountQuery({ api }: Bank, accountId: string) {
  return queryOptions({
    queryKey: ['accounts', accountId],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/accounts/{id}', { signal, params: { path: { id: accountId } } })),
    refetchInterval: ({ state }) => (isSettling(state.data) ? SETTLING_MS : false),
  });
}

function isSettling(account: Account | undefined): boolean {
  return account?.status === 'opening' || account?.status === 'closing';
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
