import { answerOf, type SagaAction, type SagaSummary } from '@florin/sdk';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';
import type { SagaSearch } from './saga-search.ts';
import type { SagaService } from './saga-services.ts';

// What staff read of work that goes on across services, and of what is asked about it.

const PAGE_SIZE = 25;
/** As many as one answer holds. */
const ALL_SIZE = 100;
/** Something that is under way is looked at this often, by who has it on the screen. */
export const MOVING_POLL_MS = 3_000;
const SLOW_POLL_MS = 30_000;
/** More pages of open questions than this are not looked through for one saga. */
const ACTION_PAGES_MAX = 10;

/** Sagas of a service, the newest first. */
export function sagasQuery({ api }: Bank, service: SagaService, { status, type }: Omit<SagaSearch, 'service'>) {
  const filters = { ...(status === undefined ? {} : { status }), ...(type === undefined ? {} : { type }) };
  return infiniteQueryOptions({
    queryKey: ['sagas', service, 'list', filters],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      answerOf(
        api.GET(`/v1/sagas/${service}`, {
          signal,
          params: {
            query: { limit: PAGE_SIZE, ...filters, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}

/** What needs somebody, and whether there is more of it than is told. */
export interface Some<Item> {
  readonly items: readonly Item[];
  readonly isWhole: boolean;
}

/** Sagas of a service that need somebody. */
export function stuckSagasQuery({ api }: Bank, service: SagaService) {
  return queryOptions({
    queryKey: ['sagas', service, 'stuck'],
    queryFn: async ({ signal }): Promise<Some<SagaSummary>> => {
      const query = { limit: ALL_SIZE, status: 'needs_attention' } as const;
      const { data, nextCursor } = await answerOf(api.GET(`/v1/sagas/${service}`, { signal, params: { query } }));
      return { items: data, isWhole: nextCursor === null };
    },
    refetchInterval: SLOW_POLL_MS,
  });
}

export function sagaQuery({ api }: Bank, service: SagaService, id: string) {
  return queryOptions({
    queryKey: ['sagas', service, 'one', id],
    queryFn: ({ signal }) => answerOf(api.GET(`/v1/sagas/${service}/{id}`, { signal, params: { path: { id } } })),
    refetchInterval: ({ state: { data } }) =>
      data?.status === 'completed' || data?.status === 'compensated' ? false : MOVING_POLL_MS,
  });
}

/** What is asked at a service and waits for a second person. */
export function openActionsQuery({ api }: Bank, service: SagaService) {
  return queryOptions({
    queryKey: ['saga-actions', service],
    queryFn: async ({ signal }): Promise<Some<SagaAction>> => {
      const items: SagaAction[] = [];
      let cursor: string | null = '';
      for (let page = 0; page < ACTION_PAGES_MAX && cursor !== null; page += 1) {
        const query = { limit: ALL_SIZE, status: 'pending', ...(cursor === '' ? {} : { cursor }) } as const;
        const answer: { data: SagaAction[]; nextCursor: string | null } = await answerOf(
          api.GET(`/v1/sagas/${service}/actions`, { signal, params: { query } }),
        );
        items.push(...answer.data);
        cursor = answer.nextCursor;
      }
      return { items, isWhole: cursor === null };
    },
    refetchInterval: SLOW_POLL_MS,
  });
}

/** What is prepared in a shard and has no end yet. */
export function inDoubtQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['two-phase', 'in-doubt'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/two-phase/in-doubt', { signal }))).data,
    refetchInterval: MOVING_POLL_MS,
  });
}

/** Decisions that can not be carried out. */
export function stuckDecisionsQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['two-phase', 'attention'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/two-phase/attention', { signal }))).data,
    refetchInterval: SLOW_POLL_MS,
  });
}
