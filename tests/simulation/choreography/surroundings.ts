import type { Trace } from '../kernel/kind.ts';
import { CALM, type Network, type NetworkFaults } from '../kernel/network.ts';
import type { Random } from '../kernel/random.ts';
import type { Tally } from '../kernel/tally.ts';
import type { Timeline } from '../kernel/timeline.ts';
import type { Core } from './core.ts';

/** What goes wrong in a run, and how often: probabilities, and mean pauses in milliseconds (0 is never). */
export interface Faults extends NetworkFaults {
  readonly commitFailure: number;
  /** It is committed, and the acknowledgement does not get out. */
  readonly consumerCrash: number;
  /** An event can not be dealt with before somebody has mended something. */
  readonly poison: number;
  readonly relayCrashEveryMs: number;
  readonly databaseAwayEveryMs: number;
}

export const HEALED: Faults = {
  ...CALM,
  commitFailure: 0,
  consumerCrash: 0,
  poison: 0,
  relayCrashEveryMs: 0,
  databaseAwayEveryMs: 0,
};

export function drawFaults(random: Random): Faults {
  const every = (lowMs: number, highMs: number) => (random.chance(0.5) ? random.between(lowMs, highMs) : 0);
  return {
    drop: random.strength(0.3),
    duplicate: random.strength(0.3),
    tail: random.strength(0.25),
    commitFailure: random.strength(0.2),
    consumerCrash: random.strength(0.2),
    poison: random.strength(0.1),
    relayCrashEveryMs: every(1_000, 10_000),
    databaseAwayEveryMs: every(2_000, 15_000),
  };
}

/** Something that has happened to a transfer. All that there is to know about the transfer travels with it. */
export interface TransferEvent {
  readonly id: string;
  readonly transferId: string;
  readonly fact: string;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly begunAtMs: number;
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
  /** Notes that something went wrong for a transfer; for all of them when it is `world`. */
  mark(transferId: string, why: string): void;
  hasMark(transferId: string): boolean;
}
