import type { Logger, Metrics } from '@florin/observability';
import type { Exchange } from './exchange.ts';

/** Notes the end of an exchange: one histogram sample and one log line. */
export type RecordExchange = (exchange: Exchange) => void;

/**
 * Makes the recorder. The line is the only one a request gets at level info in a process that holds services too:
 * theirs are at debug there. Label values are route patterns, so their number is bounded.
 */
export function createRecorder(logger: Logger, metrics: Metrics): RecordExchange {
  const durations = metrics.histogram(
    'florin_http_request_duration_seconds',
    'Time from the head of a request to the end of its answer',
    ['method', 'route', 'status'],
  );
  // Looking a sample up by its labels costs more than adding to it. As many as routes times methods times classes.
  const observers = new Map<string, { observe(seconds: number): void }>();

  function observerOf(method: string, route: string, status: string): { observe(seconds: number): void } {
    const key = `${method} ${route} ${status}`;
    const known = observers.get(key);
    if (known !== undefined) return known;
    const observer = durations.labels({ method, route, status });
    observers.set(key, observer);
    return observer;
  }

  return (exchange) => {
    const { request, response, route } = exchange;
    const durationMs = performance.now() - exchange.startedAt;
    // A method nobody routes is the caller's invention and must not become a label.
    const method = route.methods.includes(request.method ?? '') ? (request.method ?? '') : 'other';
    const isAnswered = response.writableFinished;
    const status = isAnswered ? response.statusCode : CLIENT_GONE;
    observerOf(method, route.label, CLASSES[Math.floor(status / 100)] ?? 'other').observe(durationMs / 1_000);
    const level = status >= 500 ? 'warn' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    logger[level](
      {
        traceId: exchange.traceId,
        method,
        route: route.label,
        status,
        durationMs: Math.round(durationMs * 100) / 100,
        subject: exchange.subject,
        outcome: isAnswered ? exchange.outcome : 'client-gone',
      },
      'request',
    );
  };
}

/** As NGINX logs it: the caller hung up before the answer was out. */
const CLIENT_GONE = 499;
const CLASSES = ['other', '1xx', '2xx', '3xx', '4xx', '5xx'];
