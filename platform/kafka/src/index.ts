export { KAFKA_SETTINGS, type KafkaConnection, readKafkaBrokers } from './connection.ts';
export { type KafkaBrokerOptions, kafkaBroker } from './kafka-broker.ts';
export { createTopics, TOPICS } from './topics.ts';
