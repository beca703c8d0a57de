import { type Approval, answerOf } from '@florin/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';
import type { SagaService } from './saga-services.ts';

// What one member of staff asked for and another one decides.

const ALL_SIZE = 100;
const POLL_MS = 15_000;

/** What waits at a service, the newest first. */
export function openApprovalsQuery({ api }: Bank, service: SagaService) {
  return queryOptions({
    queryKey: ['approvals', service],
    queryFn: async ({ signal }): Promise<Approval[]> => {
      const query = { limit: ALL_SIZE, status: 'pending' } as const;
      const { data } = await answerOf(api.GET(`/v1/approvals/${service}`, { signal, params: { query } }));
      return data.filter(({ status }) => status === 'pending');
    },
    refetchInterval: POLL_MS,
  });
}

/** One of them, beside what it is about as that is now. */
export function approvalQuery({ api }: Bank, service: SagaService, id: string) {
  return queryOptions({
    queryKey: ['approvals', service, id],
    queryFn: ({ signal }) => answerOf(api.GET(`/v1/approvals/${service}/{id}`, { signal, params: { path: { id } } })),
  });
}
