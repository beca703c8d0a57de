/** What came from one partition, in the order of its offsets. */
export interface Received<Event> {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly event: Event;
}

/** The next events of one partition, taken but not done. */
export interface Slice<Event> {
  readonly topic: string;
  readonly partition: number;
  readonly received: readonly Received<Event>[];
}

/**
 * The events a group has fetched and not handled, a lane for each partition. A lane whose events could not be handled
 * waits by itself; what comes from its partition queues behind, and the other lanes go on.
 */
export interface Lanes<Event> {
  /** How many are in all lanes. */
  readonly size: number;
  add(received: Received<Event>): void;
  /** The next of every lane that does not wait, at most `max` in all and a fair share each; empty when there are none. */
  next(max: number, nowMs: number): readonly Slice<Event>[];
  /** These are done: they leave their lane, which has no failure any more. */
  done(slice: Slice<Event>): void;
  /** These could not be handled: their lane waits, twice as long each time. */
  failed(slice: Slice<Event>, nowMs: number): void;
  /** How long until a lane that waits has waited enough; undefined when none does. */
  waitMs(nowMs: number): number | undefined;
}

/** 50 ms, doubled up to a second: a database that is back is used within a second. */
const BACKOFF_FIRST_MS = 50;
const BACKOFF_MAX_MS = 1_000;

interface Lane<Event> {
  readonly topic: string;
  readonly partition: number;
  received: Received<Event>[];
  failures: number;
  waitsUntilMs: number;
}

/** No lanes yet; each comes into being with its first event. */
export function createLanes<Event>(): Lanes<Event> {
  const lanes = new Map<string, Lane<Event>>();
  let size = 0;

  return {
    get size() {
      return size;
    },
    add(received) {
      const { topic, partition } = received;
      const name = nameOf(received);
      const lane = lanes.get(name) ?? { topic, partition, received: [], failures: 0, waitsUntilMs: 0 };
      lane.received.push(received);
      lanes.set(name, lane);
      size += 1;
    },
    next(max, nowMs) {
      const ready = [...lanes.values()].filter((lane) => lane.received.length > 0 && lane.waitsUntilMs <= nowMs);
      return shares(
        ready.map((lane) => lane.received.length),
        max,
      ).flatMap((count, index) => {
        const lane = ready[index];
        if (lane === undefined || count === 0) return [];
        const { topic, partition } = lane;
        return [{ topic, partition, received: lane.received.slice(0, count) }];
      });
    },
    done(slice) {
      const lane = lanes.get(nameOf(slice));
      if (lane === undefined) return;
      lane.received = lane.received.slice(slice.received.length);
      lane.failures = 0;
      lane.waitsUntilMs = 0;
      size -= slice.received.length;
    },
    failed(slice, nowMs) {
      const lane = lanes.get(nameOf(slice));
      if (lane === undefined) return;
      lane.failures += 1;
      lane.waitsUntilMs = nowMs + Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(lane.failures - 1, 10), BACKOFF_MAX_MS);
    },
    waitMs(nowMs) {
      const waiting = [...lanes.values()].filter((lane) => lane.received.length > 0 && lane.waitsUntilMs > nowMs);
      return waiting.length === 0 ? undefined : Math.min(...waiting.map((lane) => lane.waitsUntilMs - nowMs));
    },
  };
}

function nameOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}:${partition}`;
}

/** Divides `max` among lanes of these lengths: the short ones get all they have, the others the same. */
function shares(lengths: readonly number[], max: number): readonly number[] {
  const given = lengths.map(() => 0);
  const order = lengths.map((_, index) => index).sort((left, right) => (lengths[left] ?? 0) - (lengths[right] ?? 0));
  let rest = max;
  order.forEach((index, position) => {
    const fair = Math.floor(rest / (order.length - position));
    const count = Math.min(lengths[index] ?? 0, fair);
    given[index] = count;
    rest -= count;
  });
  return given;
}
