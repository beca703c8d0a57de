import type { CacheKey } from './key-spaces.ts';

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

/** A value, and how new it is: a whole number that only grows. */
export interface Versioned {
  readonly version: number;
  readonly value: string;
}

/**
 * What the gateway and the services keep for a short while. Everything in here may be lost at any moment: whoever
 * reads it must know what to do without it. An adapter whose server is away rejects with a retryable Fault
 * `cache-unavailable`, quickly. A key is used with one kind of operation only, and is in `KEY_SPACES`.
 */
export interface Cache<Key extends string = CacheKey> {
  get(key: Key): Promise<string | undefined>;
  set(key: Key, value: string, ttlMs: number): Promise<void>;
  delete(key: Key): Promise<void>;
  /**
   * Keeps a value for `ttlMs`, unless one that is as new or newer is there; says whether it was kept. Nothing of more than
   * `VERSIONED_CHARACTERS_MAX` is kept.
   */
  putNewer(key: Key, entry: Versioned, ttlMs: number): Promise<boolean>;
  /** What `putNewer` kept. Its version is NaN when something else stands there. */
  newest(key: Key): Promise<Versioned | undefined>;
  /**
   * Keeps the largest version seen per field. The key lives `ttlMs` from the last raise; at most `FIELDS_MAX` fields
   * a key, the one raised longest ago goes first.
   */
  raise(key: Key, field: string, version: number, ttlMs: number): Promise<void>;
  /** The fields of a key, the one raised last at the end; empty when there are none. */
  fields(key: Key): Promise<ReadonlyMap<string, number>>;
  /**
   * Takes from a limit if it may, and says so. GCRA (ITU-T I.371, as in `redis-cell`): one number a key, no window
   * edge through which twice the limit would pass. Refused takes cost nothing.
   */
  take(key: Key, limit: RateLimit, cost?: number): Promise<Take>;
  close(): Promise<void>;
}

/** A teller touches hundreds of accounts in half a minute; more than this in one key is somebody's mistake. */
export const FIELDS_MAX = 1_000;

/** A page of an account's lines is a third of it. */
export const VERSIONED_CHARACTERS_MAX = 32_768;
