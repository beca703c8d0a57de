import { answerOf } from '@florin/sdk';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';
import type { JournalSearch } from './journal-search.ts';

// What the staff console reads. Keys start with the kind of thing, as in `queries.ts`.

/** How many customers, journals or dead letters one page holds. */
const PAGE_SIZE = 25;

/** A service that stops answering is seen within this time. Nothing is asked while nobody looks. */
const HEALTH_POLL_MS = 10_000;

function pageQuery(cursor: string | undefined) {
  return { limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
}

/** Customers whose name has these words, or whose e-mail address it is; the latest ones without. */
export function customersQuery({ api }: Bank, q: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['customers', 'list', q ?? ''],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        api.GET('/v1/customers', {
          signal,
          params: { query: { ...pageQuery(pageParam), ...(q === undefined ? {} : { q }) } },
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}

export function customerQuery({ api }: Bank, customerId: string) {
  return queryOptions({
    queryKey: ['customers', 'one', customerId],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/customers/{id}', { signal, params: { path: { id: customerId } } })),
  });
}

export function customerAccountsQuery({ api }: Bank, customerId: string) {
  return queryOptions({
    queryKey: ['accounts', 'of-customer', customerId],
    queryFn: async ({ signal }) =>
      (await answerOf(api.GET('/v1/customers/{id}/accounts', { signal, params: { path: { id: customerId } } }))).data,
  });
}

/** How often an account is looked at that is being opened or closed. */
const SETTLING_MS = 2_000;

/** Anybody's account by its id. */
export function staffAccountQuery({ api }: Bank, accountId: string) {
  return queryOptions({
    queryKey: ['accounts', 'one', accountId],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/accounts/{id}', { signal, params: { path: { id: accountId } } })),
    refetchInterval: ({ state: { data } }) =>
      data?.status === 'opening' || data?.status === 'closing' ? SETTLING_MS : false,
  });
}

/** The account of an IBAN, with who holds it. */
export function accountLookUpQuery({ api }: Bank, iban: string) {
  return queryOptions({
    queryKey: ['accounts', 'look-up', iban],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/account-lookup', { signal, params: { query: { iban } } })),
  });
}

/** Journals of the ledger, newest first. A search may answer pages that are short and still have a next one. */
export function journalsQuery({ api }: Bank, search: JournalSearch) {
  return infiniteQueryOptions({
    queryKey: ['journals', 'list', search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      answerOf(api.GET('/v1/ledger/journals', { signal, params: { query: { ...pageQuery(pageParam), ...search } } })),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}

export function journalQuery({ api }: Bank, journalId: string) {
  return queryOptions({
    queryKey: ['journals', 'one', journalId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/v1/ledger/journals/{id}', { signal, params: { path: { id: journalId } } })),
  });
}

export function trialBalanceQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['books', 'trial-balance'],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/ledger/trial-balance', { signal })),
  });
}

/** How the last proof of the books came out; fails with `reconciliation-not-found` before the first one. */
export function latestReconciliationQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['books', 'reconciliation'],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/ledger/reconciliations/latest', { signal })),
  });
}

/** Events that could not be taken, oldest first. */
export function deadLettersQuery({ api }: Bank) {
  return infiniteQueryOptions({
    queryKey: ['dead-letters'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      answerOf(api.GET('/v1/dead-letters/accounts', { signal, params: { query: pageQuery(pageParam) } })),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}

export function serviceHealthQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['service-health'],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/service-health', { signal })),
    refetchInterval: HEALTH_POLL_MS,
  });
}
