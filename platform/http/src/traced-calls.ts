import type { IncomingMessage } from 'node:http';
import { currentTrace, isTracing, openSpan, traced } from '@florin/observability';
import type { Forward } from './forward.ts';
import type { ServiceCall } from './service-call.ts';

/** The same calls, each a span of the work that makes it, which the callee continues. Where nothing is traced, the very same. */
export function tracedCalls(calls: ServiceCall): ServiceCall {
  if (!isTracing()) return calls;
  return {
    call(request) {
      // A chore calls a thousand times an hour with nobody behind it.
      if (currentTrace() === undefined) return calls.call(request);
      const { service, method } = request;
      const attributes = { 'service.peer.name': service, 'http.request.method': method };
      return traced({ name: `call ${service}`, kind: 'client', attributes }, async (span) => {
        const headers = span ? { ...request.headers, traceparent: span.traceparent } : (request.headers ?? {});
        const response = await calls.call({ ...request, headers });
        span?.set({ 'http.response.status_code': response.status });
        return response;
      });
    },
    close: () => calls.close(),
  };
}

/** The same with requests that are handed on. */
export function tracedForward(forward: Forward): Forward {
  if (!isTracing()) return forward;
  return {
    forward(service, request, response, form) {
      const span = openSpan({
        name: `forward ${service}`,
        kind: 'client',
        attributes: { 'service.peer.name': service, 'http.request.method': request.method ?? '' },
      });
      setTraceparent(request, span.traceparent);
      response.once('close', () => {
        span.set({ 'http.response.status_code': response.statusCode });
        span.end();
      });
      span.within(() => forward.forward(service, request, response, form));
    },
    close: () => forward.close(),
  };
}

/** In the place of the caller's; whoever forwards reads `headers` alone. */
function setTraceparent(request: IncomingMessage, traceparent: string): void {
  request.headers['traceparent'] = traceparent;
}
