import { type Logger, type Metrics, tracedBatch } from '@florin/observability';
import type { Database, Tx } from '@florin/postgres';
import { type Clock, systemClock } from '@florin/primitives';
import { EVENTS_PER_CHUNK_MAX, type Subscription } from './broker.ts';
import type { ReceivedEvent } from './cloud-event.ts';
import { BEHIND_PARKED, parkedAmong, parkingPlace, putAside } from './dead-letters.ts';
import { eventSpan } from './event-traces.ts';
import { isPoison, reasonOf } from './poison-event.ts';

export interface ConsumerOptions {
  readonly database: Database;
  readonly group: string;
  readonly topics: readonly string[];
  /** The effect of at most 500 events, in order, set-based, in this transaction. It may see an event twice. */
  handle(events: readonly ReceivedEvent[], tx: Tx): Promise<void>;
  /** Called after the commit with what was handled; for caches. It must not throw. */
  committed?(events: readonly ReceivedEvent[]): void;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
}

/** Up to two seconds in fine steps: two seconds at the 99th percentile is what the bank promises. */
const LAG_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 5, 10, 30, 60, 300];

/**
 * A subscription whose effect is one database transaction per chunk. On a data error the chunk is halved, down to the
 * one event at fault: that becomes a dead letter and its key is parked, in one transaction, and later events of the key
 * go behind it in order. A fault of the environment is thrown, so that the same events come again later.
 */
export function consumer(options: ConsumerOptions): Subscription {
  const measure = consumerMetrics(options);

  async function work(events: readonly ReceivedEvent[]): Promise<void> {
    try {
      await tracedBatch(
        () => eventSpan('consumer', `process ${options.group}`, events),
        () => attempt(events),
      );
    } catch (error) {
      if (!isPoison(error)) throw error;
      const [first] = events;
      if (events.length === 1 && first !== undefined) return bury(first, error);
      const middle = events.length >> 1;
      await work(events.slice(0, middle));
      await work(events.slice(middle));
    }
  }

  async function attempt(events: readonly ReceivedEvent[]): Promise<void> {
    const outcome = await options.database.transaction(async (tx) => {
      const { live, waiting } = split(events, await parkedAmong(tx, options.group, events));
      if (waiting.length > 0) await putAside(tx, options.group, waiting, BEHIND_PARKED);
      if (live.length > 0) await options.handle(live, tx);
      return { live, waiting };
    });
    measure.handled(outcome.live);
    if (outcome.waiting.length > 0) measure.deadLetters.inc({ group: options.group }, outcome.waiting.length);
    options.committed?.(outcome.live);
  }

  async function bury(event: ReceivedEvent, error: unknown): Promise<void> {
    await options.database.transaction((tx) => putAside(tx, options.group, [event], reasonOf(error)));
    measure.deadLetters.inc({ group: options.group });
    options.logger.error(
      { err: error, group: options.group, topic: event.type, key: event.subject, eventId: event.id },
      'event put aside as a dead letter; its key is parked',
    );
  }

  return {
    group: options.group,
    topics: options.topics,
    async handle(events) {
      for (let start = 0; start < events.length; start += EVENTS_PER_CHUNK_MAX) {
        await work(events.slice(start, start + EVENTS_PER_CHUNK_MAX));
      }
    },
  };
}

function split(events: readonly ReceivedEvent[], parked: ReadonlySet<string>) {
  if (parked.size === 0) return { live: events, waiting: [] };
  const isParked = (event: ReceivedEvent) => parked.has(parkingPlace(event.type, event.subject));
  return { live: events.filter((event) => !isParked(event)), waiting: events.filter(isParked) };
}

function consumerMetrics(options: ConsumerOptions) {
  const { metrics, group, clock = systemClock } = options;
  const lag = metrics.histogram(
    'florin_event_lag_seconds',
    'From the moment an event happened to the commit of its effect',
    ['group'],
    LAG_BUCKETS,
  );
  const lagOfGroup = lag.labels({ group });
  const deadLetters = metrics.counter('florin_dead_letters_total', 'Events put aside', ['group']);
  return {
    deadLetters,
    handled(events: readonly ReceivedEvent[]) {
      const now = clock();
      // Events of one transaction mostly share their time, and reading it is most of the cost of measuring.
      let time = '';
      let seconds = 0;
      for (const event of events) {
        if (event.time !== time) {
          time = event.time;
          seconds = Math.max(0, now - Date.parse(time)) / 1000;
        }
        lagOfGroup.observe(seconds);
      }
    },
  };
}
