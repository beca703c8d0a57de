import type { Logger, Metrics } from '@florin/observability';
import type { RecordRequest } from './request-call.ts';

/** Makes a recorder per route; label values are the route's pattern, never the path, so their number is bounded. */
export function requestRecorder(logger: Logger, metrics: Metrics): (route: Route) => RecordRequest {
  const durations = metrics.histogram(
    'florin_http_request_duration_seconds',
    'Time from the head of a request to its answer',
    ['method', 'route', 'status'],
  );

  return (route) => {
    // Bound once per route and status class: looking a sample up by its labels costs more than adding to it.
    const observers = ['1xx', '2xx', '3xx', '4xx', '5xx'].map((status) =>
      durations.labels({ method: route.method, route: route.path, status }),
    );
    const { method, path } = route;
    return (call, status) => {
      const durationMs = performance.now() - call.startedAt;
      observers[Math.floor(status / 100) - 1]?.observe(durationMs / 1000);
      const level = status >= 500 ? 'warn' : 'info';
      if (!logger.isLevelEnabled(level)) return;
      logger[level](
        {
          traceId: call.traceId,
          method,
          route: path,
          status,
          durationMs: Math.round(durationMs * 100) / 100,
          subject: call.principal.subject,
          fault: call.fault,
          outcome: call.outcome,
        },
        'request',
      );
    };
  };
}

interface Route {
  readonly method: string;
  readonly path: string;
}
