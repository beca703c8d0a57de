import type { Slice } from './lanes.ts';

/** Where a group goes on in a partition: the first offset it has not done. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/**
 * How far a member has come, and what of that the broker is yet to be told. Each telling is a write to the broker's log, and
 * being told late costs only that events come again after a crash, so they are told together.
 */
export interface Places {
  /** These are done. */
  add(slices: readonly Slice<unknown>[], nowMs: number): void;
  /** How long until they are to be told; undefined when the broker knows all. */
  waitMs(nowMs: number): number | undefined;
  /** Those to tell, which from then on count as told. */
  take(): readonly Place[];
}

/** Nothing to tell yet. What is added is told at most `keptWithinMs` later. */
export function createPlaces(keptWithinMs: number): Places {
  const places = new Map<string, Place>();
  let dueAtMs: number | undefined;

  return {
    add(slices, nowMs) {
      for (const { topic, partition, received } of slices) {
        const last = received.at(-1);
        if (last === undefined) continue;
        places.set(`${topic}/${partition}`, { topic, partition, offset: last.offset + 1n });
        dueAtMs ??= nowMs + keptWithinMs;
      }
    },
    waitMs: (nowMs) => (dueAtMs === undefined ? undefined : Math.max(0, dueAtMs - nowMs)),
    take() {
      const taken = [...places.values()];
      places.clear();
      dueAtMs = undefined;
      return taken;
    },
  };
}
