import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RateLimit, Take } from '@florin/cache';
import { formatTraceparent, newTraceId, parseTraceparent } from '@florin/observability';
import { setRequestHeader } from './request-headers.ts';
import type { GatewayRoute } from './routing-table.ts';

/** One request on its way through the gateway, and what is learnt about it; each request makes one of these. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: GatewayRoute;
  /** Path parameters, as matched. */
  readonly params: Readonly<Record<string, string>>;
  readonly traceId: string;
  readonly startedAt: number;
  /** `anonymous` until someone is known. */
  subject: string;
  /** For the log line: the code of the problem the gateway itself answered. */
  outcome: string | undefined;
  /** The limit that is nearest to refusing, for the RateLimit headers. */
  limit: RateLimit | undefined;
  take: Take | undefined;
}

/** Starts an exchange; a request without a valid `traceparent` gets one, so all parts log under the same trace. */
export function openExchange(
  route: GatewayRoute,
  request: IncomingMessage,
  response: ServerResponse,
  params: Readonly<Record<string, string>>,
): Exchange {
  const parent = parseTraceparent(request.headers['traceparent']);
  const traceId = parent?.traceId ?? newTraceId();
  // An ill-formed one is the services' to ignore: they read `headers`, where ours takes its place.
  if (parent === undefined) setRequestHeader(request, 'traceparent', formatTraceparent(traceId));
  return {
    request,
    response,
    route,
    params,
    traceId,
    startedAt: performance.now(),
    subject: 'anonymous',
    outcome: undefined,
    limit: undefined,
    take: undefined,
  };
}
