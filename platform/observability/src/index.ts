export { createLogger, type Logger, openLogFile } from './logger.ts';
export {
  createMetrics,
  DURATION_BUCKETS,
  type Metrics,
  processGauge,
  processMetrics,
  renderMetrics,
} from './metrics.ts';
export { formatTraceparent, newTraceId, parseTraceparent, type TraceContext } from './trace-context.ts';
export { currentTraceId, currentTraceparent, isTracing, traced } from './traced.ts';
