import { setTimeout as realSleep } from 'node:timers/promises';
import { type Cache, type CacheKey, FIELDS_MAX } from '@florin/cache';
import { type CacheTrust, NOTICED_AFTER_MS } from './cache-trust.ts';

/** A service says here which version of which accounts a write made: `<accountId>=<version>[,...]`. */
export const ACCOUNT_VERSION_HEADER = 'florin-account-version';
/** The accounts service reads here how new its answer must be, in the same form, or the word `ledger`. */
export const MIN_VERSION_HEADER = 'florin-min-version';
/** We do not know what the caller wrote: read the truth. */
const READ_THE_LEDGER = 'ledger';

/** The read model is at most seconds behind; after this long it has caught up or readers are told so otherwise. */
export const REMEMBERED_FOR_MS = 30_000;
const VERSIONS_PER_HEADER_MAX = 50;
/** A batch of 500 transfers touches at most so many accounts of its caller that matter to one reader. */
const VERSIONS_PER_WRITE_MAX = 1_000;
const PAIR = /^([0-9a-f-]{36})=(\d{1,15})$/;

/**
 * Read your own writes: every read is at least as new as the caller's last acknowledged write. The versions are kept
 * per subject for 30 s in the cache port, so any gateway knows them. No answer leaves before the cache has its versions, or before every gateway
 * knows that it may be missing some and reads the ledger: decision 30.
 */
export interface OwnWrites {
  /**
   * Remembers what a write answered; the answer may leave when it resolves, which is after one round trip to the cache. Without
   * the cache it takes until the other gateways have noticed that we are silent, 1.5 s at most, and nothing once they have. Never rejects.
   */
  remember(subject: string, versions: string): Promise<void>;
  /** What a read must be as new as; undefined when anything will do. `accountId` when only that account is read. */
  minVersions(subject: string, accountId: string | undefined): Promise<string | undefined>;
}

/** Between two tries to tell the cache, while an answer is held back. */
const TRY_AGAIN_MS = 50;
/** The bound of the clock, for one that stands still. */
const TRIES_MAX = NOTICED_AFTER_MS / TRY_AGAIN_MS;

export function createOwnWrites(options: {
  readonly cache: Cache;
  readonly trust: CacheTrust;
  readonly sleep?: (ms: number) => Promise<unknown>;
}): OwnWrites {
  const { cache, trust, sleep = realSleep } = options;

  async function raise(key: CacheKey, versions: readonly (readonly [string, number])[]): Promise<boolean> {
    try {
      await Promise.all(versions.map(([id, version]) => cache.raise(key, id, version, REMEMBERED_FOR_MS)));
      return true;
    } catch {
      return false;
    }
  }

  async function raiseOrBeDoubted(key: CacheKey, versions: readonly (readonly [string, number])[]): Promise<void> {
    trust.fallSilent();
    try {
      for (let tries = 0; tries < TRIES_MAX && trust.untilNoticedMs() > 0; tries += 1) {
        await sleep(TRY_AGAIN_MS);
        if (await raise(key, versions)) return;
      }
      trust.doubt('a write could not be remembered');
    } finally {
      trust.resume();
    }
  }

  return {
    async remember(subject, versions) {
      const key = keyOf(subject);
      const read = versionsIn(versions);
      if (!(await raise(key, read))) await raiseOrBeDoubted(key, read);
    },
    async minVersions(subject, accountId) {
      if (trust.isDoubted()) return READ_THE_LEDGER;
      try {
        // In this order: were the mark looked for first, the cache could be emptied in between.
        const [versions, hasMark] = await Promise.all([cache.fields(keyOf(subject)), trust.hasMark()]);
        if (hasMark) return headerOf(versions, accountId);
        trust.doubt('the cache was emptied');
      } catch (error) {
        trust.doubt(error);
      }
      return READ_THE_LEDGER;
    },
  };
}

function versionsIn(header: string): readonly (readonly [accountId: string, version: number])[] {
  return header.split(',', VERSIONS_PER_WRITE_MAX).flatMap((pair) => {
    const [, accountId, version] = PAIR.exec(pair.trim()) ?? [];
    return accountId === undefined ? [] : [[accountId, Number(version)] as const];
  });
}

function keyOf(subject: string): CacheKey {
  return `ryw:${subject}`;
}

function headerOf(versions: ReadonlyMap<string, number>, accountId: string | undefined): string | undefined {
  if (versions.size === 0) return undefined;
  if (accountId !== undefined) {
    const version = versions.get(accountId);
    if (version !== undefined) return `${accountId}=${version}`;
    // A full key may have lost this account's version to later ones.
    return versions.size >= FIELDS_MAX ? READ_THE_LEDGER : undefined;
  }
  if (versions.size > VERSIONS_PER_HEADER_MAX) return READ_THE_LEDGER;
  return Array.from(versions, ([id, version]) => `${id}=${version}`).join(',');
}
