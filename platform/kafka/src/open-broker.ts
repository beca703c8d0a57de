import { randomUUID } from 'node:crypto';
import { absentBroker } from '@florin/messaging';
import type { KafkaConnection } from './connection.ts';
import { type KafkaBrokerOptions, kafkaBroker, type LeavableBroker } from './kafka-broker.ts';

/** The broker of a process that runs alone: Kafka, or none where no brokers are named. */
export function openBroker(
  options: Omit<KafkaBrokerOptions, 'brokers' | 'instance'> & {
    readonly brokers: KafkaConnection['brokers'] | undefined;
  },
): LeavableBroker {
  const { brokers } = options;
  return brokers === undefined
    ? { ...absentBroker(), leave: () => Promise.resolve(), isReady: () => true }
    : kafkaBroker({ ...options, brokers, instance: randomUUID() });
}
