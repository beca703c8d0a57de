import type { Outcome } from '@florin/two-phase-commit';
import type { Trace } from '../kernel/kind.ts';
import { CALM, type Network, type NetworkFaults } from '../kernel/network.ts';
import type { Random } from '../kernel/random.ts';
import type { Tally } from '../kernel/tally.ts';
import type { Timeline } from '../kernel/timeline.ts';
import type { Core } from './core.ts';

/** What goes wrong in a run, and how often: probabilities, and mean pauses in milliseconds (0 is never). */
export interface Faults extends NetworkFaults {
  /** The connection is lost during PREPARE, which happens all the same. */
  readonly prepareLost: number;
  /** All slots of max_prepared_transactions are taken. */
  readonly noSlot: number;
  /** It is rolled back, and the tombstone is not written. */
  readonly tombstoneLost: number;
  readonly coordinatorCrashEveryMs: number;
  readonly databaseCrashEveryMs: number;
  readonly logAwayEveryMs: number;
  /** Somebody rolls back a prepared branch by hand. */
  readonly byHandEveryMs: number;
}

export const HEALED: Faults = {
  ...CALM,
  prepareLost: 0,
  noSlot: 0,
  tombstoneLost: 0,
  coordinatorCrashEveryMs: 0,
  databaseCrashEveryMs: 0,
  logAwayEveryMs: 0,
  byHandEveryMs: 0,
};

export function drawFaults(random: Random): Faults {
  const every = (lowMs: number, highMs: number) => (random.chance(0.5) ? random.between(lowMs, highMs) : 0);
  return {
    drop: random.strength(0.3),
    duplicate: random.strength(0.3),
    tail: random.strength(0.25),
    prepareLost: random.strength(0.2),
    noSlot: random.strength(0.1),
    tombstoneLost: random.strength(0.3),
    coordinatorCrashEveryMs: every(1_500, 15_000),
    databaseCrashEveryMs: every(2_000, 20_000),
    logAwayEveryMs: every(2_000, 20_000),
    byHandEveryMs: random.chance(0.3) ? random.between(5_000, 20_000) : 0,
  };
}

/** What everything in a world can see of it. */
export interface Surroundings {
  readonly core: Core;
  readonly random: Random;
  readonly timeline: Timeline;
  readonly network: Network;
  readonly tally: Tally;
  readonly faults: Faults;
  readonly trace: Trace;
  /** Notes that something went wrong for a transaction; for all of them when it is `world`. */
  mark(gid: string, why: string): void;
  hasMark(gid: string): boolean;
  /** A branch is prepared. */
  prepared(gid: string, branch: string): void;
  /** A branch has ended. */
  ended(gid: string, branch: string, outcome: Outcome): void;
  /** Every branch of it has been prepared. */
  wasPreparedByAll(gid: string): boolean;
}
