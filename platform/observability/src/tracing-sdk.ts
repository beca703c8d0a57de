import { randomUUID } from 'node:crypto';
import { context, DiagLogLevel, diag, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from './logger.ts';
import type { TracedProcess, Tracing } from './tracing.ts';
import type { TracingSettings } from './tracing-settings.ts';

/** What waits to be sent: a few megabytes. Spans that come then are dropped, and the log says how many. */
const QUEUE_SPANS_MAX = 4_096;
const SPANS_SENT_AT_ONCE_MAX = 512;
const SEND_EVERY_MS = 1_000;
const SEND_TIMEOUT_MS = 2_000;
/** Stopping waits this long for what is left; everything together must end within five seconds. */
const CLOSE_WAIT_MS = 1_500;
/** Texts of statements are the longest. */
const ATTRIBUTE_LENGTH_MAX = 2_000;

/** Registers the SDK of OpenTelemetry for this process: the one place that knows it. */
export function registerSdk(settings: TracingSettings, { service, isEdge, logger }: TracedProcess): Tracing {
  const share = new TraceIdRatioBasedSampler(settings.ratio);
  // By the trace id alone, so that all parts of one process come to the same end.
  const decidedHere = isEdge === true ? { remoteParentSampled: share, remoteParentNotSampled: share } : {};
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.namespace': 'florin',
      'service.instance.id': randomUUID(),
    }),
    sampler: new ParentBasedSampler({ root: share, ...decidedHere }),
    spanLimits: { attributeValueLengthLimit: ATTRIBUTE_LENGTH_MAX },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url: settings.url,
          headers: { ...settings.headers },
          timeoutMillis: SEND_TIMEOUT_MS,
        }),
        maxQueueSize: QUEUE_SPANS_MAX,
        maxExportBatchSize: SPANS_SENT_AT_ONCE_MAX,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_TIMEOUT_MS,
      }),
    ],
  });
  diag.setLogger(diagnosticsTo(logger), DiagLogLevel.WARN);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return { close: () => within(CLOSE_WAIT_MS, provider.shutdown()) };
}

function diagnosticsTo(logger: Logger) {
  const say = (message: string): void => logger.warn({ what: message }, 'traces');
  const ignore = (): void => undefined;
  return { error: say, warn: say, info: ignore, debug: ignore, verbose: ignore };
}

/** What could not be sent is lost, and was told of. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
