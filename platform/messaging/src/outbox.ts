import { currentTraceparent } from '@florin/observability';
import { type Executor, type Statement, sql } from '@florin/postgres';
import { invariant } from '@florin/primitives';
import type { CloudEvent, OutgoingEvent } from './cloud-event.ts';

/**
 * The statement that writes the events of one database transaction: ONE row, whatever their number, so that a group
 * commit pays for one insert. Run it in the transaction that caused them, after its row locks are taken: then the
 * order of ids is the order of commits for everything under the same lock.
 */
export function outboxStatement(source: string, events: readonly OutgoingEvent[]): Statement {
  invariant(events.length > 0, 'an outbox row holds at least one event');
  return sql`insert into outbox (events) values (${outboxText(source, events)})`;
}

/**
 * What an outbox row of these events holds: a JSON array of CloudEvents. For a statement that writes more than the outbox
 * and decides for itself which of its rows come to be.
 */
export function outboxText(source: string, events: readonly OutgoingEvent[]): string {
  const parent = currentTraceparent();
  return JSON.stringify(events.map((event) => cloudEvent(source, event, parent)));
}

/** Writes events with the transaction that caused them; nothing when there are none. */
export async function appendToOutbox(tx: Executor, source: string, events: readonly OutgoingEvent[]): Promise<void> {
  if (events.length > 0) await tx.execute(outboxStatement(source, events));
}

function cloudEvent(source: string, event: OutgoingEvent, parent: string | undefined): CloudEvent {
  const traceparent = event.traceparent ?? parent;
  return {
    specversion: '1.0',
    id: event.id,
    source,
    type: event.topic,
    subject: event.key,
    time: event.time,
    datacontenttype: 'application/json',
    data: event.data,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(event.correlationid === undefined ? {} : { correlationid: event.correlationid }),
    ...(event.causationid === undefined ? {} : { causationid: event.causationid }),
  };
}
