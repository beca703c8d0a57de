import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, ROOT_CONTEXT, type Span, type Tracer, trace } from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import { currentTraceId, currentTraceparent, isTracing, traced } from './traced.ts';

interface SpanRecord {
  readonly name: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Record<string, unknown>;
  status: number | undefined;
  ended: boolean;
}

/** The smallest SDK there can be: spans that remember what was done to them. */
function registerSdk(): SpanRecord[] {
  const records: SpanRecord[] = [];
  const storage = new AsyncLocalStorage<Context>();
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...args) => storage.run(active, () => work.apply(self, args)),
    bind: (_active, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
  const startSpan = (name: string, options: { attributes?: object } = {}, within = context.active()): Span => {
    const parent = trace.getSpanContext(within);
    const record: SpanRecord = {
      name,
      parentSpanId: parent?.spanId,
      attributes: { ...options.attributes },
      status: undefined,
      ended: false,
    };
    records.push(record);
    const span = {
      spanContext: () => ({
        traceId: parent?.traceId ?? 'f'.repeat(32),
        spanId: String(records.length).padStart(16, '0'),
        traceFlags: 1,
      }),
      setAttribute(key: string, value: unknown) {
        record.attributes[key] = value;
      },
      setStatus({ code }: { code: number }) {
        record.status = code;
      },
      end() {
        record.ended = true;
      },
    };
    return span as unknown as Span;
  };
  const startActiveSpan = (name: string, options: object, within: Context, work: (span: Span) => unknown) => {
    const span = startSpan(name, options, within);
    return context.with(trace.setSpan(within, span), () => work(span));
  };
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan }) as unknown as Tracer });
  return records;
}

afterEach(() => {
  trace.disable();
  context.disable();
});

test('without an SDK work is only called', async () => {
  expect(isTracing()).toBe(false);
  expect(await traced('work', {}, async () => [currentTraceId(), currentTraceparent()])).toEqual([
    undefined,
    undefined,
  ]);
  await expect(traced('work', {}, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
});

test('with one it runs in a span, inside the span around it', async () => {
  const records = registerSdk();
  expect(isTracing()).toBe(true);
  const id = await traced('outer', { a: 1 }, () => traced('inner', {}, async () => currentTraceparent()));
  expect(id).toBe(`00-${'f'.repeat(32)}-${'2'.padStart(16, '0')}-01`);
  expect(records).toMatchObject([
    { name: 'outer', attributes: { a: 1 }, parentSpanId: undefined, ended: true, status: undefined },
    { name: 'inner', parentSpanId: '1'.padStart(16, '0'), ended: true },
  ]);
});

test('a caller in another process is continued', async () => {
  const records = registerSdk();
  const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
  expect(await traced('work', {}, async () => currentTraceId(), parent)).toBe(parent.traceId);
  expect(records[0]?.parentSpanId).toBe(parent.spanId);
});

test('a failure is marked on the span without its message, and thrown on', async () => {
  const records = registerSdk();
  await expect(traced('work', {}, () => Promise.reject(new TypeError('canary')))).rejects.toThrow('canary');
  expect(records).toMatchObject([{ status: 2, ended: true, attributes: { 'error.type': 'TypeError' } }]);
  expect(JSON.stringify(records)).not.toContain('canary');
});
