import type { Clock } from '@florin/primitives';

/** A clock that stands still until it is told to move. */
export type FakeClock = Clock & { advance(ms: number): void };

/** A clock that starts at the given moment (milliseconds since the epoch). */
export function fakeClock(startMs: number): FakeClock {
  let nowMs = startMs;
  return Object.assign(() => nowMs, {
    advance(ms: number) {
      nowMs += ms;
    },
  });
}
