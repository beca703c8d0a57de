export { createLogger, type Logger, openLogFile } from './logger.ts';
export {
  createMetrics,
  DURATION_BUCKETS,
  type Metrics,
  processGauge,
  processMetrics,
  renderMetrics,
} from './metrics.ts';
export {
  openTelemetry,
  readTelemetry,
  TELEMETRY_SETTINGS,
  type Telemetry,
  type TelemetrySettings,
} from './telemetry.ts';
export {
  formatTraceparent,
  newTraceId,
  parseTraceparent,
  type TraceContext,
  traceparentText,
} from './trace-context.ts';
export {
  type BatchDescription,
  currentTrace,
  currentTraceparent,
  isRecorded,
  isTracing,
  type OpenSpan,
  openSpan,
  type SpanDescription,
  traced,
  tracedBatch,
  untraced,
} from './traced.ts';
