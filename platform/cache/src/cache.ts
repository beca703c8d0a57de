/** How fast a key may be used: `ratePerSecond` in the long run, `burst` at once. */
export interface RateLimit {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** The answer of `take`. Times are counted from now; `resetMs` is when the full burst is there again. */
export interface Take {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Zero when allowed. */
  readonly retryAfterMs: number;
  readonly resetMs: number;
}

/**
 * What the gateway and the services keep for a short while. Everything in here may be lost at any moment: whoever
 * reads it must know what to do without it. An adapter whose server is away rejects with a retryable Fault
 * `cache-unavailable`, quickly.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /**
   * Keeps the largest version seen per field. The key lives `ttlMs` from the last raise; at most `FIELDS_MAX` fields
   * a key, the one raised longest ago goes first.
   */
  raise(key: string, field: string, version: number, ttlMs: number): Promise<void>;
  /** The fields of a key, the one raised last at the end; empty when there are none. */
  fields(key: string): Promise<ReadonlyMap<string, number>>;
  /**
   * Takes from a limit if it may, and says so. GCRA (ITU-T I.371, as in `redis-cell`): one number a key, no window
   * edge through which twice the limit would pass. Refused takes cost nothing.
   */
  take(key: string, limit: RateLimit, cost?: number): Promise<Take>;
  close(): Promise<void>;
}

/** A teller touches hundreds of accounts in half a minute; more than this in one key is somebody's mistake. */
export const FIELDS_MAX = 1_000;
