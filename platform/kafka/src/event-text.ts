import type { CloudEvent } from '@florin/messaging';
import type { Logger } from '@florin/observability';

/** Structured mode of the CloudEvents Kafka binding (section 3.3): the whole event is the value. */
export const EVENT_HEADERS = { 'content-type': 'application/cloudevents+json; charset=utf-8' };

/** The event of a message; undefined, with a line in the log, for what is none. Only our relays may write to our topics. */
export function readEvent(
  message: { readonly topic: string; readonly partition: number; readonly offset: bigint; readonly value: Buffer },
  { logger }: { readonly logger: Logger },
): CloudEvent | undefined {
  try {
    const event: Partial<CloudEvent> = JSON.parse(message.value.toString('utf8'));
    if (event.specversion === '1.0' && event.type === message.topic && typeof event.subject === 'string') {
      return event as CloudEvent;
    }
  } catch {
    // Told below, with what names it.
  }
  const { topic, partition, offset } = message;
  logger.error({ topic, partition, offset: String(offset) }, 'a message is not an event of ours and is passed over');
  return undefined;
}
