import { type BatchDescription, parseTraceparent } from '@florin/observability';
import type { CloudEvent } from './cloud-event.ts';

/** The span of work on a batch of events, which the spans in which they were written caused. Keys and ids stay out: they may name somebody. */
export function eventSpan(
  kind: 'producer' | 'consumer',
  name: string,
  events: readonly CloudEvent[],
): BatchDescription {
  return {
    name,
    kind,
    attributes: {
      'messaging.batch.message_count': events.length,
      'messaging.destination.name': [...new Set(events.map(({ type }) => type))],
    },
    causes: events.map(({ traceparent }) => parseTraceparent(traceparent)),
  };
}
