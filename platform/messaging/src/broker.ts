import type { CloudEvent, ReceivedEvent } from './cloud-event.ts';

/** A group of consumers: each event of its topics reaches the group at least once, events of one key in order. */
export interface Subscription {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Every process hears of every event from its start on, and of those of some minutes before; otherwise the processes of
   * a group share them.
   */
  readonly everyProcess?: boolean;
  /** Resolves when the effect, or a dead letter, is committed. A rejection means: again later, from here on. */
  handle(events: readonly ReceivedEvent[]): Promise<void>;
}

/** Carries events from the outboxes to the groups. Adapters: in memory here, Kafka for many processes. */
export interface Broker {
  /** Under load those who publish begin a round no sooner than this after the last one; they know themselves when absent. */
  readonly roundEveryMs?: number;
  /** Resolves when the broker owns the events, so that the outbox may forget them. */
  publish(events: readonly CloudEvent[]): Promise<void>;
  subscribe(subscription: Subscription): void;
  close(): Promise<void>;
}

/** The most events a handler gets at once: enough to make SQL set-based, few enough to redo after a data error. */
export const EVENTS_PER_CHUNK_MAX = 500;
