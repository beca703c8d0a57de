import { Fault, invariant } from '@florin/primitives';
import { type Broker, EVENTS_PER_CHUNK_MAX, type Subscription } from './broker.ts';
import type { CloudEvent } from './cloud-event.ts';

/** A broker inside one process. */
export interface MemoryBroker extends Broker {
  /** Lets events through; see `paused`. */
  resume(): void;
}

interface Group {
  readonly subscription: Subscription;
  readonly topics: ReadonlySet<string>;
  /** The end of this group's work so far; what comes next is chained behind it, so a group handles one chunk at a time. */
  tail: Promise<void>;
}

/**
 * The broker of a bank that runs in one process. It stores nothing: `publish` resolves when every subscribed group has
 * committed its effect or its dead letter, and until then the outbox keeps the events. Groups work concurrently, one
 * group on one chunk at a time. When a group fails the publish fails, and a relay that publishes again makes the other
 * groups see the events twice, which every consumer must bear anyway.
 *
 * With `paused`, nothing is delivered before `resume()`: a service may start its relay before the next has subscribed,
 * and an event published to nobody would be gone.
 */
export function memoryBroker(options: { readonly paused?: boolean } = {}): MemoryBroker {
  const groups = new Map<string, Group>();
  let closed = false;
  let open = (): void => {};
  let refuse = (_reason: Fault): void => {};
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    refuse = reject;
  });
  // Nobody may be waiting when the broker closes before it opened; that is not an error.
  opened.catch(() => {});
  if (options.paused !== true) open();

  return {
    subscribe(subscription) {
      invariant(!groups.has(subscription.group), `group ${subscription.group} is subscribed already`);
      groups.set(subscription.group, {
        subscription,
        topics: new Set(subscription.topics),
        tail: Promise.resolve(),
      });
    },
    async publish(events) {
      await opened;
      if (closed) throw closedFault();
      const settled = await Promise.allSettled(Array.from(groups.values(), (group) => enqueue(group, events)));
      const failed = settled.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
    resume: () => open(),
    async close() {
      closed = true;
      refuse(closedFault());
      await Promise.allSettled(Array.from(groups.values(), (group) => group.tail));
    },
  };
}

function enqueue(group: Group, events: readonly CloudEvent[]): Promise<void> {
  const wanted = events.filter((event) => group.topics.has(event.type));
  if (wanted.length === 0) return Promise.resolve();
  const work = group.tail.then(() => deliver(group.subscription, wanted));
  group.tail = work.catch(() => {});
  return work;
}

async function deliver(subscription: Subscription, events: readonly CloudEvent[]): Promise<void> {
  for (let start = 0; start < events.length; start += EVENTS_PER_CHUNK_MAX) {
    await subscription.handle(events.slice(start, start + EVENTS_PER_CHUNK_MAX));
  }
}

function closedFault(): Fault {
  return new Fault('broker-closed', 'The broker is closed.', { retryable: true });
}
