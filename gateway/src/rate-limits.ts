import type { OutgoingHttpHeader } from 'node:http';
import { type Cache, type CacheKey, memoryCache, type RateLimit, type Take } from '@florin/cache';
import type { Logger } from '@florin/observability';
import type { Clock } from '@florin/primitives';
import type { Exchange } from './exchange.ts';
import type { Refusal } from './problems.ts';

/** The three limits of the public door. Benchmarks raise the numbers; the check is never left out. */
export interface GatewayLimits {
  /** Everything one address (a /64 of IPv6) sends. */
  readonly address: RateLimit;
  /** Everything one signed-in subject sends, from wherever. */
  readonly caller: RateLimit;
  /** Sign-up, sign-in and token requests of one address. */
  readonly signIn: RateLimit;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  address: { ratePerSecond: 1_000, burst: 2_000 },
  caller: { ratePerSecond: 200, burst: 400 },
  signIn: { ratePerSecond: 10 / 60, burst: 10 },
};

export interface RateLimits {
  /** Takes one from a limit; the refusal when there is none left. */
  take(exchange: Exchange, kind: keyof GatewayLimits, key: string): Promise<Refusal | undefined>;
}

/** One line about a cache that is away is enough; thousands would hide it. */
const WARN_EVERY_MS = 10_000;

/**
 * The limits, kept in the cache port so that all gateways count together. When it is away each gateway counts by itself, with
 * the same numbers: of two gateways somebody then gets twice as much. Guessing is held back all the same, by what the users
 * service counts in its database, and money by the limits of the ledger.
 */
export function createRateLimits(options: {
  readonly cache: Cache;
  readonly clock: Clock;
  readonly limits: GatewayLimits;
  readonly logger: Logger;
}): RateLimits {
  const { cache, clock, limits, logger } = options;
  const local = memoryCache({ clock });
  let warnedAtMs = Number.NEGATIVE_INFINITY;

  function takeWithoutCache(key: string, limit: RateLimit, error: unknown): Promise<Take> {
    if (clock() - warnedAtMs >= WARN_EVERY_MS) {
      warnedAtMs = clock();
      logger.warn({ err: error }, 'the cache is away: limits are counted by this process alone');
    }
    return local.take(key, limit);
  }

  return {
    async take(exchange, kind, key) {
      const limit = limits[kind];
      const cacheKey: CacheKey = `limit:${kind}:${key}`;
      let taken: Take;
      try {
        taken = await cache.take(cacheKey, limit);
      } catch (error) {
        taken = await takeWithoutCache(cacheKey, limit, error);
      }
      exchange.limit = limit;
      exchange.take = taken;
      if (taken.allowed) return undefined;
      return { code: 'rate-limited', headers: { 'retry-after': secondsOf(taken.retryAfterMs) } };
    },
  };
}

/**
 * Adds `RateLimit-Limit`, `-Remaining` and `-Reset` (draft-ietf-httpapi-ratelimit-headers-06: three plain numbers that
 * every client library reads), about the limit that was taken from last, which is the narrowest that applies.
 */
export function pushRateLimit(headers: OutgoingHttpHeader[], limit: RateLimit, take: Take): void {
  headers.push('ratelimit-limit', String(limit.burst));
  headers.push('ratelimit-remaining', String(take.remaining));
  headers.push('ratelimit-reset', secondsOf(take.resetMs));
}

/** Rounded up, so a client that waits as long as it was told is let in. */
function secondsOf(ms: number): string {
  return String(Math.ceil(ms / 1_000));
}
