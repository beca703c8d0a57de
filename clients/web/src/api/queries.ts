import { answerOf } from '@florin/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';

// What pages read, by name. Keys start with the kind of thing, so a live change can say what is old.

export function accountsQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['accounts'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/accounts', { signal }))).data,
  });
}

export function dashboardQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['history', 'dashboard'],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/dashboard', { signal })),
  });
}

/** `month` as YYYY-MM; the current one when absent. */
export function spendingQuery({ api }: Bank, month?: string) {
  return queryOptions({
    queryKey: ['history', 'spending', month ?? 'now'],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/v1/spending', { signal, params: { query: month === undefined ? {} : { month } } })),
  });
}

export function balanceHistoryQuery({ api }: Bank, accountId: string) {
  return queryOptions({
    queryKey: ['history', 'balance', accountId],
    queryFn: async ({ signal }) =>
      (await answerOf(api.GET('/v1/accounts/{id}/balance-history', { signal, params: { path: { id: accountId } } })))
        .data,
  });
}
