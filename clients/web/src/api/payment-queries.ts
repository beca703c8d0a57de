import { answerOf, type Transfer } from '@florin/sdk';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';
import { productsQuery } from './account-queries.ts';

// What the pages about paying read. Keys start with the kind of thing, as in `queries.ts`.

/** Whom one pays, by name; all of them in one page. */
export function payeesQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['payees'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/payees', { signal }))).data,
  });
}

/** The fee of a transfer of an account, by the product it is of; zero when there is none. */
export function transferFeeQuery(bank: Bank, productCode: string) {
  return queryOptions({
    ...productsQuery(bank),
    select: (products) => products.find(({ code }) => code === productCode)?.transferFee,
  });
}

/** A transfer that was just made is among so many of the latest lines of its account. */
const LATEST_LINES = 10;

/** The line of the payer's history that a transfer made; null when it is not among the latest. */
export function transferLineQuery({ api }: Bank, { id, fromAccountId }: Pick<Transfer, 'id' | 'fromAccountId'>) {
  return queryOptions({
    queryKey: ['history', 'account', fromAccountId, 'of-transfer', id],
    queryFn: async ({ signal }) => {
      const query = { limit: LATEST_LINES, direction: 'out' } as const;
      const params = { path: { id: fromAccountId }, query };
      const { data } = await answerOf(api.GET('/v1/accounts/{id}/transactions', { signal, params }));
      return data.find(({ kind, transferId }) => kind === 'transfer' && transferId === id) ?? null;
    },
  });
}

/** All standing orders: those that are due first first, the latest that are over after them. */
export function standingOrdersQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['standing-orders'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/standing-orders', { signal }))).data,
  });
}

export function standingOrderQuery({ api }: Bank, id: string) {
  return queryOptions({
    queryKey: ['standing-orders', id],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/standing-orders/{id}', { signal, params: { path: { id } } })),
  });
}

/** How many executions one page holds. */
const EXECUTION_PAGE_SIZE = 25;

/** What became of each date of a standing order, newest first. */
export function executionsQuery({ api }: Bank, id: string) {
  return infiniteQueryOptions({
    queryKey: ['standing-orders', id, 'executions'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        api.GET('/v1/standing-orders/{id}/executions', {
          signal,
          params: {
            path: { id },
            query: { limit: EXECUTION_PAGE_SIZE, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}
