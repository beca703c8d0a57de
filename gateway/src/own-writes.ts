import { type Cache, type CacheKey, FIELDS_MAX } from '@florin/cache';
import type { Logger } from '@florin/observability';
import type { Clock } from '@florin/primitives';

/** A service says here which version of which accounts a write made: `<accountId>=<version>[,...]`. */
export const ACCOUNT_VERSION_HEADER = 'florin-account-version';
/** The accounts service reads here how new its answer must be, in the same form, or the word `ledger`. */
export const MIN_VERSION_HEADER = 'florin-min-version';
/** We do not know what the caller wrote: read the truth. */
const READ_THE_LEDGER = 'ledger';

/** The read model is at most seconds behind; after this long it has caught up or readers are told so otherwise. */
const REMEMBERED_FOR_MS = 30_000;
const VERSIONS_PER_HEADER_MAX = 50;
/** A batch of 500 transfers touches at most so many accounts of its caller that matter to one reader. */
const VERSIONS_PER_WRITE_MAX = 1_000;
const PAIR = /^([0-9a-f-]{36})=(\d{1,15})$/;

/**
 * Read your own writes: every read is at least as new as the caller's last acknowledged write. The versions are kept
 * per subject for 30 s in the cache port, so any gateway knows them.
 */
export interface OwnWrites {
  /** Remembers what a write answered. With the cache in this process it has happened when the call returns. */
  remember(subject: string, versions: string): void;
  /** What a read must be as new as; undefined when anything will do. `accountId` when only that account is read. */
  minVersions(subject: string, accountId: string | undefined): Promise<string | undefined>;
}

export function createOwnWrites(options: {
  readonly cache: Cache;
  readonly clock: Clock;
  readonly logger: Logger;
}): OwnWrites {
  const { cache, clock, logger } = options;
  // A write that could not be remembered: until it is history for sure, every read goes to the ledger.
  let forgotUntilMs = Number.NEGATIVE_INFINITY;

  function forgot(error: unknown): void {
    if (forgotUntilMs < clock()) logger.warn({ err: error }, 'the cache is away: reads go to the ledger');
    forgotUntilMs = clock() + REMEMBERED_FOR_MS;
  }

  return {
    remember(subject, versions) {
      const key = keyOf(subject);
      for (const pair of versions.split(',', VERSIONS_PER_WRITE_MAX)) {
        const match = PAIR.exec(pair.trim());
        if (match === null) continue;
        const [, accountId = '', version = ''] = match;
        cache.raise(key, accountId, Number(version), REMEMBERED_FOR_MS).catch(forgot);
      }
    },
    async minVersions(subject, accountId) {
      if (forgotUntilMs >= clock()) return READ_THE_LEDGER;
      try {
        return headerOf(await cache.fields(keyOf(subject)), accountId);
      } catch (error) {
        forgot(error);
        return READ_THE_LEDGER;
      }
    },
  };
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
