import type { OutgoingEvent } from '@florin/messaging';
import type { Outcome, SagaCommand } from './outcome.ts';

/**
 * Takes a command to its participant and brings the outcome back; null when it comes later, by `SagaRunner.deliver`.
 * Whatever it throws, and no answer within the time it is given, is `unknown`.
 */
export type DirectTransport = (
  command: SagaCommand,
  options: { readonly timeoutMs: number },
) => Promise<Outcome | null>;

/**
 * Takes commands along in the host's outbox: the event is written by the transaction that writes the transition, so it
 * can neither be sent before the saga knows of it nor be lost. Its answers come by `SagaRunner.deliver`.
 */
export interface OutboxTransport {
  readonly viaOutbox: true;
  /** The event of a command; `time` is when it was sent, RFC 3339 in UTC. */
  event(command: SagaCommand, time: string): OutgoingEvent;
}

/** The way to a participant. */
export type Transport = DirectTransport | OutboxTransport;
