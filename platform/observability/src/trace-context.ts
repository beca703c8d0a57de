/** The trace a request belongs to: 32 hexadecimal digits, and the caller's span in it (16 digits). */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);
const SAMPLED_FLAG = 1;

/** Reads a `traceparent` header (W3C Trace Context, version 00); undefined when it is absent or ill-formed. */
export function parseTraceparent(header: string | readonly string[] | undefined): TraceContext | undefined {
  if (typeof header !== 'string') return undefined;
  const match = TRACEPARENT.exec(header);
  if (match === null) return undefined;
  const [, traceId = NO_TRACE, spanId = NO_SPAN, flags = '00'] = match;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED_FLAG) === SAMPLED_FLAG };
}

/** Writes the `traceparent` header of a span that is known. */
export function traceparentText({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** Writes a `traceparent` header that continues a trace under a new span of ours. */
export function formatTraceparent(traceId: string, sampled = false): string {
  return traceparentText({ traceId, spanId: randomHex(8), sampled });
}

/** A new trace id: 32 random hexadecimal digits. */
export function newTraceId(): string {
  return randomHex(16);
}

// A call into the random source costs more than the rest of a small request's bookkeeping, so bytes are drawn by the page.
const pool = Buffer.alloc(4096);
let poolUsed = pool.length;

function randomHex(bytes: number): string {
  if (poolUsed + bytes > pool.length) {
    globalThis.crypto.getRandomValues(pool);
    poolUsed = 0;
  }
  poolUsed += bytes;
  return pool.toString('hex', poolUsed - bytes, poolUsed);
}
