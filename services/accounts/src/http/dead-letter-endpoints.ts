import { listDeadLetters, PAGE_SIZE_DEFAULT, retryDeadLetters } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import { type DeadLetterDeps, readDeadLetters, retryLetters } from '../use-cases/dead-letters.ts';
import { actorOf } from './callers.ts';
import { invalidCursor } from './read-endpoints.ts';

/** What operators see of events that could not be taken, and the way to try them again. */
export function deadLetterEndpoints(deps: DeadLetterDeps): Endpoint[] {
  return [
    endpoint(listDeadLetters, async ({ query, traceId }) => {
      const { limit = PAGE_SIZE_DEFAULT, cursor = '0' } = query;
      if (!/^\d{1,18}$/.test(cursor)) return invalidCursor(traceId);
      const letters = await readDeadLetters(deps, { afterId: BigInt(cursor), limit: limit + 1 });
      const shown = letters.slice(0, limit);
      const last = shown.at(-1);
      return {
        status: 200,
        body: {
          data: shown.map((letter) => ({
            ...letter,
            id: letter.id.toString(),
            failedAt: letter.failedAt.toISOString(),
          })),
          nextCursor: letters.length > limit && last !== undefined ? last.id.toString() : null,
        },
      };
    }),
    endpoint(retryDeadLetters, async (call) => ({ status: 200, body: await retryLetters(deps, actorOf(call)) })),
  ];
}
