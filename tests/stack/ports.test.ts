import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheContract } from '@florin/cache/contract';
import { ensureTopics, kafkaBroker } from '@florin/kafka';
import { brokerContract } from '@florin/messaging/contract';
import { createLogger } from '@florin/observability';
import { systemClock } from '@florin/primitives';
import { openRedisCache } from '@florin/redis';
import { kafkaConnection } from '../../tools/stack/kafka.ts';
import { redisUrl } from '../../tools/stack/stack-secrets.ts';
import { runningStack } from './running-stack.ts';

const stack = await runningStack();
const connection = kafkaConnection(stack);
const { credentials } = connection;
const logger = createLogger({ service: 'test', level: 'silent' });

const CONTRACT_TOPICS = ['topic.a', 'topic.b', 'topic.unheard'];

brokerContract('Apache Kafka', async () => {
  // Groups of one name keep their places: topics of their own for each test, by the names of the test.
  const marks = randomUUID().slice(0, 8);
  const marked = (name: string) => `${marks}.${name}`;
  await ensureTopics(connection, { topics: CONTRACT_TOPICS.map(marked) });
  const broker = kafkaBroker({ ...connection, instance: marks, logger, clock: systemClock });
  return {
    publish: (events) => broker.publish(events.map((event) => ({ ...event, type: marked(event.type) }))),
    subscribe: (subscription) =>
      broker.subscribe({
        ...subscription,
        group: marked(subscription.group),
        topics: subscription.topics.map(marked),
        handle: (events) =>
          subscription.handle(events.map((event) => ({ ...event, type: event.type.slice(marks.length + 1) }))),
      }),
    close: () => broker.close(),
  };
});

cacheContract('Redis', async () => {
  const cache = await openRedisCache({ url: redisUrl(stack.home, stack.ports), credentials, logger });
  const marks = randomUUID();
  return {
    cache: {
      ...cache,
      get: (key) => cache.get(marks + key),
      set: (key, value, ttlMs) => cache.set(marks + key, value, ttlMs),
      delete: (key) => cache.delete(marks + key),
      putNewer: (key, entry, ttlMs) => cache.putNewer(marks + key, entry, ttlMs),
      newest: (key) => cache.newest(marks + key),
      raise: (key, field, version, ttlMs) => cache.raise(marks + key, field, version, ttlMs),
      fields: (key) => cache.fields(marks + key),
      take: (key, limit, cost) => cache.take(marks + key, limit, cost),
    },
    advance: (ms) => sleep(ms),
  };
});
