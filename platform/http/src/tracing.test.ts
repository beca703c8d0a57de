import { traced } from '@florin/observability';
import { recordSpans } from '@florin/observability/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { goodBody, startServer, stopServers } from './server.fixture.ts';
import { tracedCalls } from './traced-calls.ts';

let recording: ReturnType<typeof recordSpans>;
beforeEach(() => {
  recording = recordSpans();
});
afterEach(async () => {
  recording.end();
  await stopServers();
});

test('each handled request is a span that continues its caller, named by its route', async () => {
  const { postDeposit } = await startServer();
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const response = await postDeposit(goodBody, { traceparent });
  expect(response.json().traceId).toBe('a'.repeat(32));
  expect(recording.spans()).toMatchObject([
    {
      name: 'POST /v1/deposits',
      kind: 'server',
      parentSpanId: 'b'.repeat(16),
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/deposits',
        'http.response.status_code': response.statusCode,
      },
    },
  ]);
});

test('a call is a span of whoever makes it, which the callee is told of; a chore makes none', async () => {
  const told: (string | undefined)[] = [];
  const calls = tracedCalls({
    async call({ headers }) {
      told.push(headers?.['traceparent']);
      return { status: 200, headers: {}, body: {} };
    },
    async close() {},
  });
  const request = { service: 'users', method: 'GET', path: '/internal/people/alice', token: 't' } as const;
  await calls.call(request);
  await traced({ name: 'work' }, () => calls.call(request));
  const [call, work] = recording.spans();
  expect(call).toMatchObject({ name: 'call users', kind: 'client', parentSpanId: work?.spanId });
  expect(told).toEqual([undefined, `00-${call?.traceId}-${call?.spanId}-01`]);
  expect(JSON.stringify(recording.spans())).not.toContain('alice');
});
