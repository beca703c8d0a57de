export { absentBroker } from './absent-broker.ts';
export { type Bell, createBell } from './bell.ts';
export { type Broker, EVENTS_PER_CHUNK_MAX, type Subscription } from './broker.ts';
export type { CloudEvent, OutgoingEvent, ReceivedEvent } from './cloud-event.ts';
export { type ConsumerOptions, consumer } from './consumer.ts';
export {
  type DeadLetter,
  listDeadLetters,
  type RetryOptions,
  type RetryOutcome,
  retryDeadLetters,
} from './dead-letters.ts';
export { createFailureLog } from './failure-log.ts';
export { type MemoryBroker, memoryBroker } from './memory-broker.ts';
export { messagingMigrations } from './messaging-migrations.ts';
export { appendToOutbox, outboxStatement, outboxText } from './outbox.ts';
export { PoisonEvent } from './poison-event.ts';
export { type Relay, type RelayOptions, startRelay } from './relay.ts';
