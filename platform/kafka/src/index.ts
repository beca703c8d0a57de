export { KAFKA_SETTINGS, type KafkaConnection, readKafkaBrokers } from './connection.ts';
export { type KafkaBrokerOptions, kafkaBroker, type LeavableBroker } from './kafka-broker.ts';
export { openBroker } from './open-broker.ts';
export { createTopics, TOPICS } from './topics.ts';
