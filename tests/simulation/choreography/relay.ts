import type { Shard, Subscriber } from './shard.ts';
import type { Surroundings, TransferEvent } from './surroundings.ts';

const BATCH_MAX = 10;
/** How long an acknowledgement is waited for before the event is published again. */
const AGAIN_AFTER_MS = 1_000;

interface Published {
  atMs: number;
  readonly acknowledged: Set<string>;
}

/** Publishes what is in a shard's outbox until every subscriber has acknowledged it; only then it is deleted. */
export class Relay {
  readonly #world: Surroundings;
  readonly #shard: Shard;
  readonly #subscribers: readonly Subscriber[];
  /** What it remembers is gone when it dies; then everything is published again. */
  #published = new Map<string, Published>();

  constructor(world: Surroundings, shard: Shard, subscribers: readonly Subscriber[]) {
    this.#world = world;
    this.#shard = shard;
    this.#subscribers = subscribers;
  }

  crash(): void {
    this.#published = new Map();
  }

  tick(): void {
    if (this.#shard.isAway) return;
    let left = BATCH_MAX;
    for (const event of this.#shard.outbox.values()) {
      if (left === 0) return;
      left -= 1;
      this.#publish(event);
    }
  }

  #publish(event: TransferEvent): void {
    const { timeline, network, core } = this.#world;
    const published = this.#published.get(event.id) ?? { atMs: Number.NEGATIVE_INFINITY, acknowledged: new Set() };
    this.#published.set(event.id, published);
    if (timeline.nowMs - published.atMs < AGAIN_AFTER_MS) return;
    published.atMs = timeline.nowMs;
    for (const subscriber of this.#subscribers) {
      if (published.acknowledged.has(subscriber.name)) continue;
      const acknowledged = () => {
        published.acknowledged.add(subscriber.name);
        if (published.acknowledged.size === this.#subscribers.length) this.#shard.outbox.delete(event.id);
      };
      network.send(event.transferId, () => {
        subscriber.receive(event, () => network.send(event.transferId, acknowledged));
      });
    }
    if (!core.hasOutbox) this.#shard.outbox.delete(event.id);
  }
}
