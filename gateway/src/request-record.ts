import type { Logger, Metrics, OpenSpan } from '@florin/observability';
import type { Exchange } from './exchange.ts';
import type { GatewayRoute } from './routing-table.ts';

/** Notes the end of an exchange: one histogram sample and one log line. */
export type RecordExchange = (exchange: Exchange) => void;

interface Observer {
  observe(seconds: number): void;
}

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
  // Looking a sample up by its labels costs more than adding to it, so each route keeps its own, per method and class.
  const observers = new Map<GatewayRoute, Map<string, Observer[]>>();

  function observerOf(route: GatewayRoute, method: string, status: number): Observer | undefined {
    let byMethod = observers.get(route);
    if (byMethod === undefined) {
      byMethod = new Map();
      observers.set(route, byMethod);
    }
    let byClass = byMethod.get(method);
    if (byClass === undefined) {
      byClass = CLASSES.map((name) => durations.labels({ method, route: route.label, status: name }));
      byMethod.set(method, byClass);
    }
    return byClass[Math.floor(status / 100)];
  }

  return (exchange) => {
    const { request, response, route } = exchange;
    const durationMs = performance.now() - exchange.startedAt;
    // A method nobody routes is the caller's invention and must not become a label.
    const method = route.methods.includes(request.method ?? '') ? (request.method ?? '') : 'other';
    const isAnswered = response.writableFinished;
    const status = isAnswered ? response.statusCode : CLIENT_GONE;
    observerOf(route, method, status)?.observe(durationMs / 1_000);
    if (exchange.span !== undefined) endSpan(exchange.span, status);
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

function endSpan(span: OpenSpan, status: number): void {
  span.set({ 'http.response.status_code': status });
  if (status >= 500) span.fail(String(status));
  span.end();
}

/** As NGINX logs it: the caller hung up before the answer was out. */
const CLIENT_GONE = 499;
/** By the first digit of the status. */
const CLASSES = ['other', '1xx', '2xx', '3xx', '4xx', '5xx'];
