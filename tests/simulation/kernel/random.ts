/** Chance from a seed: the same seed always draws the same (mulberry32, by Tommy Ettinger: 32 bits of state). */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Seeds are neighbours; multiplying by an odd constant sets them far apart.
    this.#state = Math.imul(seed + 1, 0x9e3779b1);
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** Whether something happens that does so with this probability; a probability of 0 draws nothing. */
  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  }

  /** Sometimes there is none of it, otherwise a strength up to the given one: how swarm testing draws its faults. */
  strength(most: number): number {
    return this.chance(0.5) ? this.next() * most : 0;
  }
}
