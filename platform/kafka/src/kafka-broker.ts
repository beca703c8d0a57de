import type { Broker, CloudEvent } from '@florin/messaging';
import type { Logger } from '@florin/observability';
import { type Clock, Fault, invariant } from '@florin/primitives';
import { Producer } from '@platformatic/kafka';
import { clientOptions, type KafkaConnection } from './connection.ts';
import { EVENT_HEADERS } from './event-text.ts';
import { type GroupMember, joinGroup } from './group-member.ts';
import { createTopicTrouble } from './missing-topic.ts';

export interface KafkaBrokerOptions extends KafkaConnection {
  /** Unlike that of any other process. */
  readonly instance: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** A broker of a process that ends in order: first it hears of nothing more, then its services close, then it does. */
export interface LeavableBroker extends Broker {
  /** Finishes what is in hand, keeps the places of its groups and leaves them. It still publishes. */
  leave(): Promise<void>;
  /**
   * False when the broker said that a topic is missing, until that is there: somebody has to make it. True when the broker is
   * away: events wait, and all else goes on.
   */
  isReady(): boolean;
}

/** All in-sync replicas have it (acks=all). */
const ACKS_ALL = -1;
/**
 * A round is a request, an append at the broker, a fetch of each group and a transaction of its reader, whatever it carries. Four
 * hundred transfers a second make it some forty events; half a second from the commit to the reader is what is promised.
 */
const ROUND_EVERY_MS = 50;
/** Of one request: with what wraps an event still below the 2 MiB that topics take (`topics.ts`). */
const SENT_BYTES_MAX = 800_000;

/**
 * The broker between processes: Apache Kafka. The key of an event decides its partition, so events of one key stay in
 * order; `publish` resolves when all in-sync replicas have them. Rejects with the retryable Fault `broker-unavailable`.
 */
export function kafkaBroker(options: KafkaBrokerOptions): LeavableBroker {
  const members = new Map<string, GroupMember>();
  const trouble = createTopicTrouble(options.logger, 'events could not be published', {});
  let producer: Producer<string, Buffer, string, string> | undefined;
  let isClosed = false;

  async function send(messages: Message[]): Promise<void> {
    producer ??= openProducer(options);
    const sending = producer;
    try {
      await sending.send({ messages, acks: ACKS_ALL });
      trouble.succeeded();
    } catch (error) {
      // What came of it is not known. A producer that goes on counts on what it sent last, so another one begins.
      if (producer === sending) producer = undefined;
      void sending.close().catch(() => {});
      trouble.failed(error);
      throw new Fault('broker-unavailable', 'the broker did not take the events', { retryable: true, cause: error });
    }
  }

  async function leave(): Promise<void> {
    await Promise.all([...members.values()].map((member) => member.close()));
  }

  return {
    roundEveryMs: ROUND_EVERY_MS,
    async publish(events) {
      if (isClosed) throw new Fault('broker-closed', 'The broker is closed.', { retryable: true });
      for (const request of requestsOf(events.map(toMessage))) await send(request);
    },
    subscribe(subscription) {
      const { group } = subscription;
      invariant(!members.has(group), `group ${group} is subscribed already`);
      members.set(group, joinGroup({ ...options, connection: options, subscription }));
    },
    leave,
    isReady: () => ![trouble, ...members.values()].some((one) => one.isTopicMissing()),
    async close() {
      isClosed = true;
      await leave();
      await producer?.close().catch(() => {});
    },
  };
}

const text = (value?: string): Buffer | undefined => (value === undefined ? undefined : Buffer.from(value));

function openProducer(connection: KafkaConnection): Producer<string, Buffer, string, string> {
  return new Producer({
    ...clientOptions(connection),
    idempotent: true,
    serializers: { key: text, value: (bytes) => bytes, headerKey: text, headerValue: text },
  });
}

interface Message {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
}

function toMessage(event: CloudEvent): Message {
  const { type: topic, subject: key } = event;
  return { topic, key, value: Buffer.from(JSON.stringify(event)), headers: EVENT_HEADERS };
}

/** In requests a broker takes. */
function* requestsOf(messages: readonly Message[]): Generator<Message[]> {
  let request: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = message.value.byteLength;
    if (bytes + size > SENT_BYTES_MAX && request.length > 0) {
      yield request;
      request = [];
      bytes = 0;
    }
    request.push(message);
    bytes += size;
  }
  if (request.length > 0) yield request;
}
