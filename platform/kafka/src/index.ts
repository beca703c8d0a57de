export { KAFKA_SETTINGS, type KafkaConnection, readKafkaBrokers } from './connection.ts';
export { type KafkaBrokerOptions, kafkaBroker, type LeavableBroker } from './kafka-broker.ts';
export { openBroker } from './open-broker.ts';
export { ensureTopics, listBrokers, TOPICS, type TopicOutcome } from './topics.ts';
