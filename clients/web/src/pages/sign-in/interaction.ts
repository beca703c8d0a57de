import { answerOf } from '@florin/sdk';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Bank } from '../../session/bank.ts';

/** What this sign-in is for. */
export function useInteraction(bank: Bank, uid: string) {
  return useQuery(
    queryOptions({
      queryKey: ['interaction', uid],
      queryFn: ({ signal }) => answerOf(bank.api.GET('/interaction/{uid}', { signal, params: { path: { uid } } })),
    }),
  );
}
