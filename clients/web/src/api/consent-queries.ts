import { ApiProblem, answerOf } from '@florin/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';

/** What one allowed programs that are not the bank's, the newest first. */
export function myConsentsQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['my-consents'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/me/consents', { signal }))).data,
  });
}

/** Takes a consent back; one that is over already is as good. Rejects with an ApiProblem. */
export async function revokeConsent({ api }: Bank, id: string): Promise<void> {
  try {
    await answerOf(api.DELETE('/v1/me/consents/{id}', { params: { path: { id } } }));
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'consent-not-found')) throw error;
  }
}
