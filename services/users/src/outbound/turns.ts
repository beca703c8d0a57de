import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@florin/primitives';

export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

export interface TurnLimits {
  readonly atOnceMax: number;
  readonly waitingMax: number;
  /** How many of those who are turned away are kept for `heldMs` before they hear of it; nobody when absent. */
  readonly heldMax?: number;
}

/** As long as `Retry-After` tells them to stay away, which those who flood do not read. */
const HELD_MS = 2_000;

/**
 * Runs at most `atOnceMax` pieces of work at a time, in the order they came, and lets at most `waitingMax` wait. Throws the
 * retryable Fault `sign-in-busy` for the rest; later, as far as `heldMax` goes, since whoever is answered at once comes again
 * at once, and ten thousand refusals a second slow everybody else as much as the work would.
 */
export function createTurns({ atOnceMax, waitingMax, heldMax = 0 }: TurnLimits): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  let held = 0;
  const hold = async () => {
    if (held >= heldMax) return;
    held += 1;
    await sleep(HELD_MS);
    held -= 1;
  };
  return async (work) => {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax) {
        await hold();
        throw new Fault('sign-in-busy', 'too many passwords are being checked', {
          retryable: true,
          retryAfterSeconds: HELD_MS / 1_000,
        });
      }
      // The one who leaves hands its place on, so nobody slips in between.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
