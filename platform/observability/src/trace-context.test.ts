import { expect, test } from 'vitest';
import { formatTraceparent, newTraceId, parseTraceparent } from './trace-context.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';

test('reads the example of W3C Trace Context, and what it writes itself', () => {
  expect(parseTraceparent(`00-${trace}-${span}-01`)).toEqual({ traceId: trace, spanId: span, sampled: true });
  expect(parseTraceparent(`00-${trace}-${span}-00`)).toMatchObject({ sampled: false });
  expect(parseTraceparent(formatTraceparent(trace, true))).toMatchObject({ traceId: trace, sampled: true });
});

test.each([
  undefined,
  '',
  'x',
  ['00'],
  `01-${trace}-${span}-01`,
  `00-${trace.toUpperCase()}-${span}-01`,
  `00-${'0'.repeat(32)}-${span}-01`,
  `00-${trace}-${'0'.repeat(16)}-01`,
  `00-${trace}-${span}-01-more`,
  `00-${trace}-${span}`,
])('%o is none', (header) => {
  expect(parseTraceparent(header)).toBeUndefined();
});

test('ten thousand new ones are all different', () => {
  const ids = Array.from({ length: 10_000 }, newTraceId);
  expect(new Set(ids).size).toBe(10_000);
  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
});
