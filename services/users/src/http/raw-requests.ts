import type { IncomingMessage, ServerResponse } from 'node:http';
import { commonProblem, sendReply } from '@florin/http';
import { type Logger, type Metrics, newTraceId } from '@florin/observability';

/** Shutting down has 5 s in all, and the database is still to be closed. */
const DRAIN_MAX_MS = 4_000;

export type RawHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface RawRequests {
  /** A handler whose requests are counted, measured and logged under one route. */
  wrap(route: string, handler: RawHandler): RawHandler;
  /** Refuses new requests and resolves when those under way are answered, after 4 s at the latest. */
  drain(): Promise<void>;
}

/**
 * The requests that the provider answers itself, past the server of contracts: the same histogram and the same log
 * line, without the address, which holds codes.
 */
export function createRawRequests(logger: Logger, metrics: Metrics): RawRequests {
  const durations = metrics.histogram(
    'florin_http_request_duration_seconds',
    'Time from the head of a request to its answer',
    ['method', 'route', 'status'],
  );
  let underWay = 0;
  let draining = false;
  let whenEmpty: (() => void) | undefined;

  function ended(route: string, method: string, status: number, startedAt: number): void {
    const durationMs = performance.now() - startedAt;
    durations.labels({ method, route, status: `${Math.floor(status / 100)}xx` }).observe(durationMs / 1_000);
    const level = status >= 500 ? 'warn' : 'info';
    logger[level]({ method, route, status, durationMs: Math.round(durationMs * 100) / 100 }, 'request');
    underWay -= 1;
    if (underWay === 0) whenEmpty?.();
  }

  return {
    wrap: (route, handler) => (request, response) => {
      if (draining) {
        const headers = { 'retry-after': '1', connection: 'close' };
        return sendReply(request, response, commonProblem('service-unavailable', newTraceId(), { headers }));
      }
      const startedAt = performance.now();
      const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'other';
      underWay += 1;
      response.once('close', () => ended(route, method, response.statusCode, startedAt));
      handler(request, response);
    },
    async drain() {
      draining = true;
      if (underWay === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      whenEmpty = resolve;
      const timer = setTimeout(resolve, DRAIN_MAX_MS);
      await promise;
      clearTimeout(timer);
    },
  };
}

/** A label may only have values we know: anyone can make methods up. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);
