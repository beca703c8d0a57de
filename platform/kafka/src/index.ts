export { KAFKA_SETTINGS, type KafkaConnection, readKafkaBrokers } from './connection.ts';
export { type KafkaBrokerOptions, kafkaBroker, type LeavableBroker } from './kafka-broker.ts';
export { openBroker } from './open-broker.ts';
export { readStoredEvents, type StoredEvent, writeStoredEvents } from './stored-events.ts';
export { ensureTopics, listBrokers, TOPICS, type TopicOutcome } from './topics.ts';
