import { afterEach, expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { recordSpans } from './recorded-spans.ts';
import type { TraceContext } from './trace-context.ts';
import { currentTrace, currentTraceparent, isRecorded, isTracing, traced, tracedBatch } from './traced.ts';

let recording: ReturnType<typeof recordSpans> | undefined;
afterEach(() => recording?.end());

function register() {
  recording = recordSpans();
  return recording.spans;
}

function cause(digit: string, sampled = true): TraceContext {
  return { traceId: digit.repeat(32), spanId: digit.repeat(16), sampled };
}

test('without an SDK work is only called', async () => {
  expect(isTracing()).toBe(false);
  const seen = await traced({ name: 'work' }, async (span) => [
    span,
    currentTrace(),
    currentTraceparent(),
    isRecorded(),
  ]);
  expect(seen).toEqual([undefined, undefined, undefined, false]);
  await expect(traced({ name: 'work' }, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  const describe = () => expect.unreachable('nobody needs to know');
  expect(await tracedBatch(describe, async () => 1)).toBe(1);
});

test('with one it runs in a span, inside the span around it', async () => {
  const spans = register();
  expect(isTracing()).toBe(true);
  const text = await traced({ name: 'outer', attributes: { a: 1 } }, () =>
    traced({ name: 'inner', kind: 'client' }, async (span) => {
      span?.set({ b: 2 });
      return currentTraceparent();
    }),
  );
  const [inner, outer] = spans();
  expect(text).toBe(`00-${inner?.traceId}-${inner?.spanId}-01`);
  expect(outer).toMatchObject({ name: 'outer', kind: 'internal', attributes: { a: 1 }, isFailed: false });
  expect(outer?.parentSpanId).toBeUndefined();
  expect(inner).toMatchObject({ name: 'inner', kind: 'client', attributes: { b: 2 }, parentSpanId: outer?.spanId });
});

test('a caller in another process is continued', async () => {
  const spans = register();
  const parent = cause('a');
  expect(await traced({ name: 'work', parent }, async () => currentTrace())).toMatchObject({ traceId: parent.traceId });
  expect(spans()[0]?.parentSpanId).toBe(parent.spanId);
});

test('a failure is marked on the span without its message, and thrown on', async () => {
  const spans = register();
  await expect(traced({ name: 'work' }, () => Promise.reject(new TypeError('canary')))).rejects.toThrow('canary');
  expect(spans()).toMatchObject([{ isFailed: true, attributes: { 'error.type': 'TypeError' } }]);
  expect(JSON.stringify(spans())).not.toContain('canary');
});

test('a batch is under the first of its causes that is recorded, with a link to each of the others', async () => {
  const spans = register();
  const causes = [undefined, cause('a', false), cause('b'), cause('c'), cause('b'), cause('d')];
  await tracedBatch(
    () => ({ name: 'batch', causes }),
    async () => undefined,
  );
  expect(spans()).toMatchObject([
    { name: 'batch', parentSpanId: cause('b').spanId, links: [cause('c').spanId, cause('d').spanId] },
  ]);
});

test('a batch of which no cause is recorded is in no trace, whatever is active around it', async () => {
  const spans = register();
  await traced({ name: 'request' }, () =>
    tracedBatch(
      () => ({ name: 'batch', causes: [cause('a', false), undefined] }),
      async () => expect(currentTrace()).toBeUndefined(),
    ),
  );
  expect(spans().map(({ name }) => name)).toEqual(['request']);
});

test('a line that is logged inside a span says where it belongs, unless it says so itself', async () => {
  register();
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ service: 'x', destination: { write: (line) => void lines.push(JSON.parse(line)) } });
  const trace = await traced({ name: 'work' }, async () => {
    logger.warn('inside');
    logger.warn({ traceId: 'own' }, 'inside');
    return currentTrace();
  });
  logger.warn('outside');
  expect(lines).toMatchObject([{ traceId: trace?.traceId, spanId: trace?.spanId }, { traceId: 'own' }, {}]);
  expect(lines[2]).not.toHaveProperty('traceId');
});
