import { type Context, context, type Span, type Tracer, trace } from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import { goodBody, startServer, stopServers } from './server.fixture.ts';

afterEach(async () => {
  trace.disable();
  await stopServers();
});

test('with an OpenTelemetry SDK each handled request is a span that continues its caller', async () => {
  const spans: object[] = [];
  const startActiveSpan = (name: string, options: object, within: Context, work: (span: Span) => unknown) => {
    const parent = trace.getSpanContext(within)?.spanId;
    const span = { end: () => spans.push({ name, parent, ...options }) };
    return context.with(within, () => work(span as unknown as Span));
  };
  trace.setGlobalTracerProvider({ getTracer: () => ({ startActiveSpan }) as unknown as Tracer });

  const { postDeposit } = await startServer();
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const response = await postDeposit(goodBody, { traceparent });
  expect(response.json().traceId).toBe('a'.repeat(32));
  expect(spans).toEqual([
    {
      name: 'POST /v1/deposits',
      parent: 'b'.repeat(16),
      attributes: { 'http.request.method': 'POST', 'http.route': '/v1/deposits' },
    },
  ]);
});
