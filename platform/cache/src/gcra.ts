import type { RateLimit, Take } from './cache.ts';

const MICROSECONDS_PER_SECOND = 1_000_000;

/** What became of one take: the answer, and the moment to store for the next one. */
export interface GcraStep {
  readonly take: Take;
  /** The theoretical arrival time, in microseconds since the epoch. */
  readonly arrivalUs: number;
}

/**
 * One step of the generic cell rate algorithm. Counts in whole microseconds: they are exact in a Number until the
 * year 2255, so a limit of 100 lets exactly 100 through and never 99 for a rounding error.
 */
export function gcra(arrivalUs: number | undefined, nowMs: number, limit: RateLimit, cost: number): GcraStep {
  const nowUs = Math.round(nowMs * 1_000);
  const periodUs = Math.max(1, Math.round(MICROSECONDS_PER_SECOND / limit.ratePerSecond));
  const burstUs = periodUs * limit.burst;
  const fromUs = arrivalUs === undefined || arrivalUs < nowUs ? nowUs : arrivalUs;
  const nextUs = fromUs + periodUs * cost;
  const waitUs = nextUs - burstUs - nowUs;
  const allowed = waitUs <= 0;
  const keptUs = allowed ? nextUs : fromUs;
  return {
    arrivalUs: keptUs,
    take: {
      allowed,
      remaining: Math.max(0, Math.floor((burstUs - (keptUs - nowUs)) / periodUs)),
      retryAfterMs: allowed ? 0 : Math.ceil(waitUs / 1_000),
      resetMs: Math.ceil((keptUs - nowUs) / 1_000),
    },
  };
}
