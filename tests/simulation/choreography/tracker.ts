import { beginTracking, type Tracking } from '@florin/saga';
import { must } from '../kernel/violation.ts';
import { TRANSFER } from './core.ts';
import type { Subscriber } from './shard.ts';
import type { Surroundings, TransferEvent } from './surroundings.ts';

/** Hears every fact, and raises what has not ended in time. Facts are a set to it, so it needs no inbox. */
export class Tracker implements Subscriber {
  readonly name = 'tracker';
  readonly #world: Surroundings;
  readonly #trackings = new Map<string, Tracking>();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  all(): readonly Tracking[] {
    return [...this.#trackings.values()];
  }

  find(transferId: string): Tracking | undefined {
    return this.#trackings.get(transferId);
  }

  receive({ transferId, fact, begunAtMs }: TransferEvent, acknowledge: () => void): void {
    const found = this.#trackings.get(transferId) ?? beginTracking(TRANSFER, transferId, begunAtMs);
    const tracking = this.#world.core.noteFact(TRANSFER, found, fact);
    this.#trackings.set(transferId, tracking);
    const ends = tracking.facts.filter((said) => TRANSFER.ends.includes(said));
    must(ends.length <= 1, 'I9', transferId, () => `it ended ${ends.join(' and ')}`);
    acknowledge();
  }

  /** Raises what is stuck (E6), and nothing that is not (I6). */
  tick(): void {
    const { timeline, core, tally } = this.#world;
    for (const tracking of this.#trackings.values()) {
      if (!core.isStuck(tracking, timeline.nowMs)) continue;
      tally.add('raised');
      this.#world.trace(tracking.id, () => `it is stuck after ${tracking.facts.join(', ')}`);
      must(this.#world.hasMark(tracking.id), 'I6', tracking.id, () => 'it is raised, and nothing went wrong');
      this.#trackings.set(tracking.id, { ...tracking, isRaised: true });
    }
  }
}
