import type { NetworkFaults } from '../kernel/network.ts';
import { CALM } from '../kernel/network.ts';
import type { Random } from '../kernel/random.ts';

/** What goes wrong in a run, and how often: probabilities, and mean pauses in milliseconds (0 is never). */
export interface Faults extends NetworkFaults {
  /** A participant stops after its commit and before its answer. */
  readonly participantCrash: number;
  /** A participant can not be reached for a while. */
  readonly outageEveryMs: number;
  /** A participant's commit fails, and nothing of it is there. */
  readonly commitFailure: number;
  /** The answer is a page of HTML. */
  readonly garbage: number;
  /** A step that may not be refused is: somebody has set up a rule wrongly. */
  readonly wrongRefusal: number;
  /** A step is accepted and takes its time. */
  readonly pending: number;
  /** An undo can not be done before the world heals. */
  readonly cannotUndo: number;
  /** Deciding throws. */
  readonly poison: number;
  /** A write of an orchestrator fails. */
  readonly writeFailure: number;
  /** It was written, and its writer does not hear of it. */
  readonly writeUnheard: number;
  readonly instanceCrashEveryMs: number;
  /** An instance stands still for longer than its lease, and goes on with what it has in hand. */
  readonly instancePauseEveryMs: number;
}

export const HEALED: Faults = {
  ...CALM,
  participantCrash: 0,
  outageEveryMs: 0,
  commitFailure: 0,
  garbage: 0,
  wrongRefusal: 0,
  pending: 0,
  cannotUndo: 0,
  poison: 0,
  writeFailure: 0,
  writeUnheard: 0,
  instanceCrashEveryMs: 0,
  instancePauseEveryMs: 0,
};

/** Draws which faults a run has and how strong they are (swarm testing: Groce et al., ISSTA 2012). */
export function drawFaults(random: Random): Faults {
  const every = (lowMs: number, highMs: number) => (random.chance(0.5) ? random.between(lowMs, highMs) : 0);
  return {
    drop: random.strength(0.3),
    duplicate: random.strength(0.3),
    tail: random.strength(0.25),
    participantCrash: random.strength(0.15),
    outageEveryMs: every(5_000, 30_000),
    commitFailure: random.strength(0.15),
    garbage: random.strength(0.1),
    wrongRefusal: random.strength(0.1),
    pending: random.strength(0.3),
    cannotUndo: random.strength(0.3),
    poison: random.strength(0.02),
    writeFailure: random.strength(0.1),
    writeUnheard: random.strength(0.1),
    instanceCrashEveryMs: every(3_000, 20_000),
    instancePauseEveryMs: every(3_000, 20_000),
  };
}
