import { type Bell, type CloudEvent, createBell, EVENTS_PER_CHUNK_MAX, type Subscription } from '@florin/messaging';
import type { Logger } from '@florin/observability';
import type { Clock } from '@florin/primitives';
import { Consumer, type Message, type MessagesStream } from '@platformatic/kafka';
import { clientOptions, type KafkaConnection } from './connection.ts';
import { readEvent } from './event-text.ts';
import { createLanes, type Lanes, type Slice } from './lanes.ts';
import { createTopicTrouble, type TopicTrouble } from './missing-topic.ts';
import { createPlaces, type Places } from './places.ts';

/** This process as a member of one group of consumers. */
export interface GroupMember extends Pick<TopicTrouble, 'isTopicMissing'> {
  /** Finishes the chunk in hand, keeps its place, and leaves the group. */
  close(): Promise<void>;
}

export interface MemberOptions {
  readonly connection: KafkaConnection;
  readonly subscription: Subscription;
  /** Unlike that of any other process; names the group of one that hears of everything. */
  readonly instance: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Events kept in memory at a time; fetching pauses above. Four chunks, so that the next is there when one is done. */
const FETCHED_MAX = 4 * EVENTS_PER_CHUNK_MAX;
/** A killed member is out of the group after this: the shortest that brokers take unless told otherwise. */
const SESSION_TIMEOUT_MS = 6_000;
const HEARTBEAT_MS = 2_000;
/** How long a broker waits for members that have to join again. */
const REBALANCE_TIMEOUT_MS = 10_000;
/** How long a broker holds a fetch open that finds nothing. An event that comes ends it. */
const FETCH_WAIT_MS = 1_000;
const FETCH_BYTES_MAX = 4 * 1024 * 1024;
/** Before it connects again: 100 ms, doubled up to 2 s. */
const RECONNECT_FIRST_MS = 100;
const RECONNECT_MAX_MS = 2_000;
/** How late the broker may be told how far the group is. What is done in that time is done again after a crash. */
const KEPT_WITHIN_MS = 250;
/** Nothing happens for so long only when nothing happens. */
const IDLE_MS = 60_000;
/** A process that hears of everything is told what happened in this time before it started. Access tokens live half of it. */
const REPLAYED_MS = 10 * 60_000;

type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

interface Membership {
  readonly options: MemberOptions;
  readonly bell: Bell;
  readonly trouble: TopicTrouble;
  isClosing: boolean;
}

/**
 * Joins a group and handles what its partitions get, one chunk at a time, for as long as the process lives. A position is
 * committed after the effect, so a crash or a change of members delivers again and skips nothing.
 */
export function joinGroup(options: MemberOptions): GroupMember {
  const { group } = options.subscription;
  const trouble = createTopicTrouble(options.logger, 'the broker is away', { group });
  const membership: Membership = { options, bell: createBell(), trouble, isClosing: false };
  const finished = run(membership);
  return {
    isTopicMissing: trouble.isTopicMissing,
    async close() {
      membership.isClosing = true;
      membership.bell.ring();
      await finished;
    },
  };
}

async function run(membership: Membership): Promise<void> {
  let failures = 0;
  while (!membership.isClosing) {
    const consumer = openConsumer(membership);
    try {
      await consume(membership, consumer, () => {
        failures = 0;
        membership.trouble.succeeded();
      });
    } catch (error) {
      membership.trouble.failed(error);
      failures += 1;
    } finally {
      // What can not be left is left by its session's end.
      await consumer.close(true).catch(() => {});
    }
    const waitMs = Math.min(RECONNECT_FIRST_MS * 2 ** Math.min(failures, 10), RECONNECT_MAX_MS);
    if (!membership.isClosing) await membership.bell.sleep(waitMs);
  }
}

function openConsumer({ options }: Membership): Consumer {
  const { group, everyProcess } = options.subscription;
  return new Consumer({
    ...clientOptions(options.connection),
    groupId: everyProcess === true ? `${group}.${options.instance}` : group,
    autocommit: false,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    maxWaitTime: FETCH_WAIT_MS,
    maxBytes: FETCH_BYTES_MAX,
  });
}

/**
 * Handles what comes until this process closes. Throws when the broker is away. When the members of the group change, a new
 * stream begins where the group's positions are: what was fetched before may be another member's by now.
 */
async function consume(membership: Membership, consumer: Consumer, joined: () => void): Promise<void> {
  let stream = await openStream(membership, consumer);
  joined();
  while ((await workThrough(membership, consumer, stream)) === 'rebalanced') {
    // The new one first: without a stream the topics would be taken for unsubscribed.
    const next = await openStream(membership, consumer);
    void stream.close().catch(() => {});
    stream = next;
  }
}

async function openStream({ options }: Membership, consumer: Consumer): Promise<Stream> {
  const topics = [...options.subscription.topics];
  if (options.subscription.everyProcess !== true) {
    return consumer.consume({ topics, mode: 'committed', fallbackMode: 'earliest' });
  }
  const timestamp = BigInt(options.clock() - REPLAYED_MS);
  const [since, end] = [
    await consumer.listOffsets({ topics, timestamp }),
    await consumer.listOffsets({ topics, timestamp: -1n }),
  ];
  // -1 stands for "nothing since": then from the end of the partition on.
  const offsets = topics.flatMap((topic) =>
    (end.get(topic) ?? []).map((last, partition) => {
      const first = since.get(topic)?.[partition] ?? -1n;
      return { topic, partition, offset: first < 0n ? last : first };
    }),
  );
  return consumer.consume({ topics, mode: 'manual', offsets });
}

interface Session {
  readonly consumer: Consumer;
  readonly lanes: Lanes<CloudEvent>;
  readonly places: Places;
  readonly generation: number;
}

async function workThrough(
  membership: Membership,
  consumer: Consumer,
  stream: Stream,
): Promise<'rebalanced' | 'closing'> {
  const { bell, options } = membership;
  const session: Session = {
    ...{ consumer, lanes: createLanes(), places: createPlaces(KEPT_WITHIN_MS) },
    generation: consumer.generationId,
  };
  let failure: Error | undefined;
  const onData = (message: Message): void => {
    const event = readEvent(message, options);
    if (event === undefined) return;
    const { topic, partition, offset } = message;
    session.lanes.add({ topic, partition, offset, event });
    if (session.lanes.size >= FETCHED_MAX) stream.pause();
    bell.ring();
  };
  const onFailure = (error: Error): void => {
    failure ??= error;
    bell.ring();
  };
  consumer.on('error', onFailure);
  consumer.on('consumer:group:join', bell.ring);
  stream.on('error', onFailure);
  stream.on('data', onData);
  try {
    while (failure === undefined) {
      if (membership.isClosing) {
        await keepPlaces(membership, session);
        return 'closing';
      }
      if (consumer.generationId !== session.generation) return 'rebalanced';
      const nowMs = performance.now();
      if (session.places.waitMs(nowMs) === 0) await keepPlaces(membership, session);
      const slices = session.lanes.next(EVENTS_PER_CHUNK_MAX, nowMs);
      if (slices.length === 0) await bell.sleep(restMs(session, nowMs));
      else await deliver(membership, session, slices);
      if (stream.isPaused() && session.lanes.size < FETCHED_MAX / 2) stream.resume();
    }
    throw failure;
  } finally {
    consumer.off('consumer:group:join', bell.ring);
    stream.off('data', onData);
  }
}

function restMs({ lanes, places }: Session, nowMs: number): number {
  return Math.min(lanes.waitMs(nowMs) ?? IDLE_MS, places.waitMs(nowMs) ?? IDLE_MS);
}

/** One chunk for all partitions. When it fails each is tried by itself, so that those that can go on do. */
async function deliver(membership: Membership, session: Session, slices: readonly Slice<CloudEvent>[]): Promise<void> {
  const { lanes, places } = session;
  const done = (some: readonly Slice<CloudEvent>[]): void => {
    for (const slice of some) lanes.done(slice);
    places.add(some, performance.now());
  };
  if (await handled(membership, slices)) return done(slices);
  for (const slice of slices) {
    if (slices.length > 1 && (await handled(membership, [slice]))) done([slice]);
    else lanes.failed(slice, performance.now());
  }
}

async function handled({ options }: Membership, slices: readonly Slice<CloudEvent>[]): Promise<boolean> {
  const { subscription, logger } = options;
  try {
    await subscription.handle(slices.flatMap(({ received }) => received.map(({ event }) => event)));
    return true;
  } catch (error) {
    logger.warn({ err: error, group: subscription.group }, 'events could not be handled and come again');
    return false;
  }
}

/** A place that is not kept is no loss: the events come once more. */
async function keepPlaces(membership: Membership, { consumer, places, generation }: Session): Promise<void> {
  const { subscription, logger } = membership.options;
  const told = places.take();
  // After a change of members the partitions may be somebody else's, who may be further.
  if (told.length === 0 || subscription.everyProcess === true || consumer.generationId !== generation) return;
  try {
    // The epoch of the leader is not known here; brokers take -1 for that.
    await consumer.commit({ offsets: told.map((place) => ({ ...place, leaderEpoch: -1 })) });
  } catch (error) {
    logger.debug({ err: error, group: subscription.group }, 'a position was not kept; its events come again');
  }
}
