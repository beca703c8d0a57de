import { answerOf } from '@florin/sdk';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';

// What the bank has told the customer, and what they have read of it.

const PAGE_SIZE = 25;

/** The stream says when something happened on an account; this is for what is told of anything else. */
const UNREAD_POLL_MS = 30_000;

/** Notices, the newest first. */
export function noticesQuery({ api }: Bank) {
  return infiniteQueryOptions({
    queryKey: ['notices', 'list'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        api.GET('/v1/notifications', {
          signal,
          params: { query: { limit: PAGE_SIZE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}

/** How many are unread. */
export function unreadQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['notices', 'unread'],
    queryFn: async ({ signal }) =>
      (await answerOf(api.GET('/v1/notifications', { signal, params: { query: { limit: 1 } } }))).unreadCount,
    refetchInterval: UNREAD_POLL_MS,
  });
}
