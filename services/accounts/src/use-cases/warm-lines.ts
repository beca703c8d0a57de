import type { Cache, CacheKey } from '@florin/cache';
import type { Metrics } from '@florin/observability';
import type { Clock } from '@florin/primitives';
import type { AccountChange } from '../domain/account-change.ts';
import type { BalanceView } from '../domain/balance.ts';
import { type NewestLines, withChanges } from '../domain/newest-lines.ts';
import { readNewestLines, writeNewestLines } from '../domain/newest-lines-text.ts';

/** What the cache has of an account; the database says whether it is as of now. */
export type WarmAnswer = NewestLines | 'none' | 'corrupt' | 'away';

/** The newest lines of accounts that are read, kept in the cache port. Nothing in here fails: the database has it all. */
export interface WarmLines {
  ask(accountId: string): Promise<WarmAnswer>;
  /** The lines of an answer, if they are as of exactly this view of the account; each read is counted here. */
  asOf(view: BalanceView, answer: WarmAnswer): NewestLines | undefined;
  /** Keeps what was read from the database. Returns at once. */
  keep(accountId: string, newest: Omit<NewestLines, 'goodUntilMs'>): void;
  /** Adds what was just committed to the read model to what is kept. Returns at once. */
  follow(changes: readonly AccountChange[]): void;
}

export interface WarmLinesOptions {
  readonly cache: Cache;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/**
 * Counted from the reading of the database, however much is added later: an account that nobody looks at any more is not
 * followed for long, and a line that came late (see `withChanges`) can not be missing for longer.
 */
const LIFETIME_MS = 60_000;
/** Chunks of events that may wait for a slow cache. What is left out is found to be old by its version. */
const CHUNKS_WAITING_MAX = 20;

export function createWarmLines({ cache, metrics, clock }: WarmLinesOptions): WarmLines {
  const reads = metrics.counter('florin_warm_reads_total', 'First pages of histories, by what the cache had of them', [
    'answer',
  ]);
  let following = Promise.resolve();
  let chunksWaiting = 0;

  async function ask(accountId: string): Promise<WarmAnswer> {
    try {
      const entry = await cache.newest(keyOf(accountId));
      if (entry === undefined) return 'none';
      const newest = readNewestLines(entry.version, entry.value);
      if (newest !== undefined) return newest;
      await cache.delete(keyOf(accountId));
      return 'corrupt';
    } catch {
      return 'away';
    }
  }

  async function put(accountId: string, newest: NewestLines): Promise<void> {
    const lifetimeMs = Math.min(newest.goodUntilMs - clock(), LIFETIME_MS);
    if (lifetimeMs <= 0) return;
    const entry = { version: newest.version, value: writeNewestLines(newest) };
    await cache.putNewer(keyOf(accountId), entry, lifetimeMs).catch(() => false);
  }

  async function followOne(accountId: string, changes: readonly AccountChange[]): Promise<void> {
    const known = await ask(accountId);
    if (typeof known === 'string') return;
    const next = withChanges(known, changes);
    if (next === undefined) await cache.delete(keyOf(accountId)).catch(() => {});
    else if (next !== known) await put(accountId, next);
  }

  return {
    ask,
    asOf(view, answer) {
      const isNow = typeof answer !== 'string' && isAsOf(view, answer);
      reads.inc({ answer: typeof answer === 'string' ? WORDS[answer] : isNow ? 'hit' : 'stale' });
      return isNow ? answer : undefined;
    },
    keep: (accountId, newest) => void put(accountId, { ...newest, goodUntilMs: clock() + LIFETIME_MS }),
    follow(changes) {
      if (chunksWaiting >= CHUNKS_WAITING_MAX) return;
      chunksWaiting += 1;
      // One chunk after the other: the second one adds to what the first one wrote.
      following = following.then(async () => {
        await Promise.allSettled(Array.from(byAccount(changes), ([accountId, own]) => followOne(accountId, own)));
        chunksWaiting -= 1;
      });
    },
  };
}

const WORDS = { none: 'miss', corrupt: 'corrupt', away: 'away' } as const;

function keyOf(accountId: string): CacheKey {
  return `lines:${accountId}`;
}

/** The same version has the same balance; one that has not is of a database that was set back. */
function isAsOf(view: BalanceView, { version, postedMinor }: NewestLines): boolean {
  return version === view.version && postedMinor === view.postedMinor;
}

function byAccount(changes: readonly AccountChange[]): ReadonlyMap<string, AccountChange[]> {
  return Map.groupBy(changes, ({ accountId }) => accountId);
}
