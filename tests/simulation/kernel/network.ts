import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

/** How bad the network is: probabilities. */
export interface NetworkFaults {
  readonly drop: number;
  readonly duplicate: number;
  /** How many messages take a long time, up to `TAIL_MS_MAX`. */
  readonly tail: number;
}

export const CALM: NetworkFaults = { drop: 0, duplicate: 0, tail: 0 };

const DELAY_MS_MIN = 2;
const DELAY_MS_MAX = 50;
/** A message that is not lost has arrived by then. */
export const TAIL_MS_MAX = 40_000;
/** Beyond this many messages no more are kept to come again at the end. */
const KEPT_MAX = 2_000;

/** Carries messages late, twice, out of order or not at all, and keeps them to deliver them again at the end. */
export class Network {
  faults: NetworkFaults;
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #onFault: (subject: string) => void;
  readonly #kept: (() => void)[] = [];

  /** `onFault` hears whose message was lost, or late by more than anybody waits. */
  constructor(timeline: Timeline, random: Random, faults: NetworkFaults, onFault: (subject: string) => void) {
    this.#timeline = timeline;
    this.#random = random;
    this.faults = faults;
    this.#onFault = onFault;
  }

  /** What is not kept does not come again at the end: questions that are asked all the time anyway. */
  send(subject: string, deliver: () => void, isKept = true): void {
    if (isKept && this.#kept.length < KEPT_MAX) this.#kept.push(deliver);
    const random = this.#random;
    if (random.chance(this.faults.drop)) this.#onFault(subject);
    else this.#timeline.after(this.#delayMs(subject), deliver);
    if (random.chance(this.faults.duplicate)) this.#timeline.after(this.#delayMs(subject), deliver);
  }

  /** Every message that was kept comes once more, in any order. */
  redeliverAll(withinMs: number): void {
    for (const deliver of this.#kept.splice(0)) {
      this.#kept.push(deliver);
      this.#timeline.after(this.#random.between(0, withinMs), deliver);
    }
  }

  #delayMs(subject: string): number {
    if (!this.#random.chance(this.faults.tail)) return this.#random.between(DELAY_MS_MIN, DELAY_MS_MAX);
    this.#onFault(subject);
    return Math.round(this.#random.next() ** 2 * TAIL_MS_MAX);
  }
}
