import { answerOf } from '@florin/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';

/** The browsers one signed in in before. */
export function myDevicesQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['my-devices'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/me/devices', { signal }))).data,
  });
}
