import { ApiProblem } from '@florin/sdk';
import { QueryClient } from '@tanstack/react-query';

/** What was read less than this ago is shown without asking again; live changes ask at once. */
const FRESH_MS = 10_000;
const RETRIES_MAX = 2;

/** Reads are tried again when the bank did not answer, never when it refused. Changes are never repeated by themselves. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => failures < RETRIES_MAX && error instanceof ApiProblem && error.isUnsure,
      },
      mutations: { retry: false },
    },
  });
}
