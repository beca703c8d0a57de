import { setBusinessClock } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import type { BusinessTime } from '../use-cases/keep-business-time.ts';
import { refusal } from './problems.ts';

/** The business clock, for seeding, tests and demonstrations; nothing else moves it. */
export function clockEndpoints(time: BusinessTime): Endpoint[] {
  return [
    endpoint(setBusinessClock, async ({ body, traceId }) => {
      const moved = await time.move(body.offsetMs);
      return moved.ok ? { status: 200, body: moved.value } : refusal(moved.failure, traceId);
    }),
  ];
}
