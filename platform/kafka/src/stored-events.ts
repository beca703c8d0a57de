import { randomUUID } from 'node:crypto';
import { Fault } from '@florin/primitives';
import { Consumer, type Message, Producer } from '@platformatic/kafka';
import { clientOptions, type KafkaConnection } from './connection.ts';
import { EVENT_HEADERS } from './event-text.ts';
import { TOPICS } from './topics.ts';

/** An event as a topic keeps it. */
export interface StoredEvent {
  readonly topic: string;
  readonly key: string;
  /** The whole event as JSON. */
  readonly value: string;
  /** By the clock of the relay that published it, after its transaction had committed. */
  readonly publishedAtMs: number;
}

/** Nothing comes for so long only when the broker is away. */
const SILENCE_MS_MAX = 30_000;
const ACKS_ALL = -1;

/**
 * Shows every event that the topics keep since a time, up to their end now; those of one key in order. Without it the positions
 * of the bank's groups stay as they are. Faults with `broker-unavailable`.
 */
export async function readStoredEvents(
  connection: KafkaConnection,
  sinceMs: number,
  visit: (event: StoredEvent) => void,
): Promise<void> {
  const consumer = new Consumer({ ...clientOptions(connection), groupId: `reader-${randomUUID()}`, autocommit: false });
  try {
    const topics = [...TOPICS];
    const since = await consumer.listOffsets({ topics, timestamp: BigInt(sinceMs) });
    const end = await consumer.listOffsets({ topics, timestamp: -1n });
    const offsets = topics.flatMap((topic) =>
      (end.get(topic) ?? []).map((last, partition) => {
        const first = since.get(topic)?.[partition] ?? -1n;
        return { topic, partition, offset: first < 0n ? last : first, last };
      }),
    );
    const ahead = new Map(offsets.filter(({ offset, last }) => offset < last).map((one) => [placeOf(one), one.last]));
    if (ahead.size > 0) await readUpTo(await consumer.consume({ topics, mode: 'manual', offsets }), ahead, visit);
  } finally {
    await consumer.close(true).catch(() => {});
  }
}

type Stream = Awaited<ReturnType<Consumer['consume']>>;

/** Shows what comes until each partition is where it ended when reading began. */
async function readUpTo(
  stream: Stream,
  ahead: Map<string, bigint>,
  visit: (event: StoredEvent) => void,
): Promise<void> {
  let silence: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const heard = (): void => {
        clearTimeout(silence);
        silence = setTimeout(() => reject(new Fault('broker-unavailable', 'the broker says no more')), SILENCE_MS_MAX);
      };
      heard();
      stream.on('error', reject);
      stream.on('data', (message: Message) => {
        heard();
        const last = ahead.get(placeOf(message));
        if (last !== undefined && message.offset < last) visit(eventOf(message));
        if (last !== undefined && message.offset + 1n >= last) ahead.delete(placeOf(message));
        if (ahead.size === 0) resolve();
      });
    });
  } finally {
    clearTimeout(silence);
    await stream.close();
  }
}

function eventOf({ topic, key, value, timestamp }: Message): StoredEvent {
  return { topic, key: key.toString('utf8'), value: value.toString('utf8'), publishedAtMs: Number(timestamp) };
}

function placeOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}:${partition}`;
}

/** Publishes events as they were, with the times at which they were published first. All in-sync replicas have them then. */
export async function writeStoredEvents(connection: KafkaConnection, events: readonly StoredEvent[]): Promise<void> {
  const producer = new Producer({ ...clientOptions(connection), idempotent: true });
  try {
    await producer.send({ messages: events.map(messageOf), acks: ACKS_ALL });
  } finally {
    await producer.close();
  }
}

function messageOf({ topic, key, value, publishedAtMs }: StoredEvent) {
  const headers = new Map(Object.entries(EVENT_HEADERS).map(([name, text]) => [Buffer.from(name), Buffer.from(text)]));
  return { topic, key: Buffer.from(key), value: Buffer.from(value), headers, timestamp: BigInt(publishedAtMs) };
}
