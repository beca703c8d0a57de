import {
  type Attributes,
  type Context,
  context,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { type TraceContext, traceparentText } from './trace-context.ts';

const TRACER_NAME = 'florin';

/** A piece of work as a trace shows it. Names and attributes hold no data of anybody: a route's pattern, never a path. */
export interface SpanDescription {
  readonly name: string;
  /** Which side of a request or of an event it is; work inside one process when absent. */
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: Attributes;
  /** The caller's span in another process; the active span of this one when absent. */
  readonly parent?: TraceContext | undefined;
}

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** Work that serves many at once, and the spans that caused it. */
export interface BatchDescription extends Omit<SpanDescription, 'parent'> {
  readonly causes: readonly (TraceContext | undefined)[];
}

/** Of one batch. OpenTelemetry keeps as many of a span unless it is told otherwise. */
const LINKS_MAX = 128;

/** Whether an OpenTelemetry SDK is registered in this process. Without one no span is made and no context is kept. */
export function isTracing(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(TRACER_NAME) !== undefined;
}

/**
 * Runs work inside a span. What the work throws is marked on the span and thrown on. When no SDK is registered it is a
 * plain call.
 */
export function traced<T>(description: SpanDescription, work: (span?: OpenSpan) => Promise<T>): Promise<T> {
  if (!isTracing()) return work();
  const span = openSpan(description);
  return span.within(() => runInSpan(span, work));
}

/**
 * Runs work that serves many at once in a span: its parent is the first of its causes that is recorded, and it has links
 * to the others. Work of which no cause is recorded belongs to no trace, whatever is active where it was begun.
 */
export function tracedBatch<T>(describe: () => BatchDescription, work: () => Promise<T>): Promise<T> {
  if (!isTracing()) return work();
  const { causes, ...description } = describe();
  const recorded = new Map(
    causes.flatMap((cause) => (cause?.sampled === true ? [[cause.spanId, cause] as const] : [])),
  );
  const [parent, ...others] = [...recorded.values()].slice(0, LINKS_MAX + 1);
  if (parent === undefined) return untraced(work);
  const links = others.map((cause) => ({ context: spanContextOf(cause) }));
  const span = openSpan({ ...description, parent }, { links });
  return span.within(() => runInSpan(span, work));
}

/** Runs work outside every span: for what outlives the request that happened to begin it. */
export function untraced<T>(work: () => T): T {
  return context.with(ROOT_CONTEXT, work);
}

/** A span that somebody must end. */
export interface OpenSpan {
  readonly traceId: string;
  /** As a header or an event carries it (W3C Trace Context). */
  readonly traceparent: string;
  /** Runs work in which this span is the active one. */
  within<T>(work: () => T): T;
  set(attributes: Attributes): void;
  /** Marks it as failed. The message stays out: it may quote a row or a query, and traces leave the bank. */
  fail(errorType: string): void;
  end(): void;
}

/** Begins a span for work that is not one function. Only to be called where `isTracing`. */
export function openSpan(description: SpanDescription, more: SpanOptions = {}): OpenSpan {
  const { name, kind, attributes = {}, parent } = description;
  const within =
    parent === undefined ? context.active() : trace.setSpanContext(context.active(), spanContextOf(parent));
  const options = { ...more, attributes, kind: kind === undefined ? SpanKind.INTERNAL : KINDS[kind] };
  const span = trace.getTracer(TRACER_NAME).startSpan(name, options, within);
  return handleOf(span, trace.setSpan(within, span));
}

function handleOf(span: Span, inside: Context): OpenSpan {
  return {
    traceId: span.spanContext().traceId,
    traceparent: traceparentOf(span),
    within: (work) => context.with(inside, work),
    set: (attributes) => void span.setAttributes(attributes),
    fail(errorType) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttributes({ 'error.type': errorType });
    },
    end: () => span.end(),
  };
}

/** The trace of the span that is active now; undefined outside any, and always when no SDK is registered. */
export function currentTrace(): TraceContext | undefined {
  const span = trace.getActiveSpan();
  return span && contextOf(span);
}

/** The active span as a `traceparent` header (W3C Trace Context), for a call or an event that leaves this process. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan();
  return span && traceparentOf(span);
}

/** Whether there is a span around this that somebody will see. */
export function isRecorded(): boolean {
  return trace.getActiveSpan()?.isRecording() === true;
}

function traceparentOf(span: Span): string {
  return traceparentText(contextOf(span));
}

function contextOf(span: Span): TraceContext {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return { traceId, spanId, sampled: isSampled(traceFlags) };
}

function isSampled(flags: number): boolean {
  return (flags & TraceFlags.SAMPLED) === TraceFlags.SAMPLED;
}

function spanContextOf({ traceId, spanId, sampled }: TraceContext) {
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

async function runInSpan<T>(span: OpenSpan, work: (span: OpenSpan) => Promise<T>): Promise<T> {
  try {
    return await work(span);
  } catch (error) {
    span.fail(error instanceof Error ? error.name : typeof error);
    throw error;
  } finally {
    span.end();
  }
}
