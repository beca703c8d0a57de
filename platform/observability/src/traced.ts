import {
  type Attributes,
  context,
  ProxyTracerProvider,
  type Span,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import type { TraceContext } from './trace-context.ts';

const TRACER_NAME = 'florin';

/** Whether an OpenTelemetry SDK is registered in this process. Without one no span is made and no context is kept. */
export function isTracing(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(TRACER_NAME) !== undefined;
}

/**
 * Runs work inside a span. What the work throws is recorded on the span and thrown on. When no SDK is registered it
 * is a plain call.
 *
 * @param parent the caller's span in another process; the active span of this one when absent
 */
export function traced<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  parent?: TraceContext,
): Promise<T> {
  if (!isTracing()) return work();
  const within =
    parent === undefined
      ? context.active()
      : trace.setSpanContext(context.active(), {
          traceId: parent.traceId,
          spanId: parent.spanId,
          traceFlags: parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
          isRemote: true,
        });
  return trace.getTracer(TRACER_NAME).startActiveSpan(name, { attributes }, within, (span) => runInSpan(span, work));
}

/** The trace of the span that is active now; undefined outside any, and always when no SDK is registered. */
export function currentTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId;
}

/** The active span as a `traceparent` header (W3C Trace Context), for a call or an event that leaves this process. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags === TraceFlags.SAMPLED ? '01' : '00'}`;
}

async function runInSpan<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    // The message stays out: it may quote a row or a query, and traces leave the bank.
    span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
    throw error;
  } finally {
    span.end();
  }
}
