import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import { Fault } from '@florin/primitives';

/**
 * How long whoever asks waits for the answer, in whole milliseconds. A time left and not a time of day, as in gRPC: clocks of
 * two machines differ. The gateway takes it, as everything that begins with `florin-`, from nobody.
 */
export const TIME_LEFT_HEADER = 'florin-time-left-ms';

/** For the answer to travel: it still comes to somebody who waits, and says what happened. */
const TRAVEL_MS = 100;

/** The header's value for a request whose answer is awaited so long. */
export function timeToWork(timeoutMs: number): string {
  return String(Math.max(1, Math.floor(timeoutMs) - TRAVEL_MS));
}

/** The end of the time of the request that is handled, on this process's own clock. */
const deadlines = new AsyncLocalStorage<number>();

/** Handles a request within the time its headers leave; without such a header there is no end to it. */
export function withinTimeLeft<Answer>(headers: IncomingHttpHeaders, handle: () => Answer): Answer {
  const leftMs = Number(headers[TIME_LEFT_HEADER]);
  return leftMs > 0 ? deadlines.run(performance.now() + leftMs, handle) : handle();
}

/**
 * How long a call may take that is part of the request that is handled: `timeoutMs`, or what is left to its caller when that
 * is less. Throws the retryable Fault `time-is-up` when nothing is: nobody waits any more for what would be done. Outside of
 * a request it is `timeoutMs`. Not for what must go on when its caller has left: steps of sagas, second phases.
 */
export function timeLeft(timeoutMs: number): number {
  const deadline = deadlines.getStore();
  if (deadline === undefined) return timeoutMs;
  const leftMs = Math.floor(deadline - performance.now());
  if (leftMs > 0) return Math.min(timeoutMs, leftMs);
  throw new Fault('time-is-up', 'whoever asked waits no longer', { retryable: true, retryAfterSeconds: 1 });
}
