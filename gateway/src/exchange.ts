import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RateLimit, Take } from '@florin/cache';
import {
  formatTraceparent,
  newTraceId,
  type OpenSpan,
  openSpan,
  parseTraceparent,
  type SpanDescription,
  type TraceContext,
} from '@florin/observability';
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
  /** The span of the whole exchange, in a process that is traced. */
  readonly span: OpenSpan | undefined;
  /** `anonymous` until someone is known. */
  subject: string;
  /** For the log line: the code of the problem the gateway itself answered. */
  outcome: string | undefined;
  /** The limit that is nearest to refusing, for the RateLimit headers. */
  limit: RateLimit | undefined;
  take: Take | undefined;
}

/**
 * Starts an exchange; a request without a valid `traceparent` gets one, so all parts log under the same trace. With
 * `isTraced` it begins a span, which continues the caller's.
 */
export function openExchange(
  route: GatewayRoute,
  request: IncomingMessage,
  response: ServerResponse,
  params: Readonly<Record<string, string>>,
  isTraced: boolean,
): Exchange {
  const parent = parseTraceparent(request.headers['traceparent']);
  const span = isTraced ? openSpan(describe(route, request, parent)) : undefined;
  const traceId = span?.traceId ?? parent?.traceId ?? newTraceId();
  // An ill-formed one is the services' to ignore: they read `headers`, where ours takes its place.
  const traceparent = span?.traceparent ?? (parent === undefined ? formatTraceparent(traceId) : undefined);
  if (traceparent !== undefined) setRequestHeader(request, 'traceparent', traceparent);
  return {
    request,
    response,
    route,
    params,
    traceId,
    startedAt: performance.now(),
    span,
    subject: 'anonymous',
    outcome: undefined,
    limit: undefined,
    take: undefined,
  };
}

/** A method that nobody routes is the caller's invention; OpenTelemetry has a word for those. */
function knownMethod(route: GatewayRoute, { method = '' }: IncomingMessage): string {
  return route.methods.includes(method) ? method : '_OTHER';
}

function describe(route: GatewayRoute, request: IncomingMessage, parent: TraceContext | undefined): SpanDescription {
  const method = knownMethod(route, request);
  return {
    name: `${method} ${route.label}`,
    kind: 'server',
    attributes: { 'florin.service': 'gateway', 'http.request.method': method, 'http.route': route.label },
    parent,
  };
}
