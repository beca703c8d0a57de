import { brokerContract } from '@florin/messaging/contract';
import { createLogger } from '@florin/observability';
import { createTopics, kafkaBroker } from '@florin/kafka';
import { Admin } from '@platformatic/kafka';
import { randomUUID } from 'node:crypto';
const brokers = ['127.0.0.1:19092'];
const logger = createLogger({ service: 'test', level: 'warn' });
brokerContract('Kafka', async () => {
  const admin = new Admin({ clientId: 'x', bootstrapBrokers: brokers });
  const names = ['topic.a', 'topic.b', 'topic.unheard'];
  const there = await admin.listTopics({});
  const old = names.filter((n) => there.includes(n));
  if (old.length) await admin.deleteTopics({ topics: old });
  await admin.close();
  await createTopics({ brokers, clientId: 'admin' }, 1, names);
  const t = kafkaBroker({ brokers, clientId: 'test', instance: randomUUID(), logger });
  return t;
});
