import { streamAccountEvents } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import type { AccountStreams } from '../use-cases/account-streams.ts';
import { refusal } from './problems.ts';

/** Changes of one's own accounts as they happen. */
export function streamEndpoint(deps: { readonly streams: AccountStreams }): Endpoint {
  return endpoint(streamAccountEvents, async ({ principal, headers, traceId }) => {
    const lastEventId = headers['last-event-id'];
    const opened = await deps.streams.open(
      principal.subject,
      typeof lastEventId === 'string' ? lastEventId : undefined,
    );
    if (!opened.ok) return refusal(opened.failure, traceId);
    return {
      status: 200,
      stream: opened.value,
      contentType: 'text/event-stream; charset=utf-8',
      // NGINX would keep events until a buffer is full.
      headers: { 'x-accel-buffering': 'no' },
    };
  });
}
