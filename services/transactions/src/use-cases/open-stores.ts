import type { Metrics } from '@florin/observability';
import { countReads, type Database, migrate, openDatabase, openReadingDatabase } from '@florin/postgres';
import { beShards } from './shard-identity.ts';

interface Address {
  readonly databaseUrl: string;
  readonly ownerUrl: string;
}

interface StoreOptions {
  readonly migrations: readonly URL[];
  /** What connections to a shard call themselves. */
  readonly nameOfShard: (index: number) => string;
}

/**
 * Migrates the databases of the shards, makes sure that each is the shard it is taken for, and opens them. Faults like
 * `migrate` and `beShards`; nothing stays open then.
 */
export async function openStores(addresses: readonly Address[], options: StoreOptions): Promise<Database[]> {
  const { migrations, nameOfShard } = options;
  const migrated = await Promise.allSettled(
    addresses.map(({ databaseUrl, ownerUrl }) => {
      const runtimeRole = decodeURIComponent(new URL(databaseUrl).username);
      return migrate({ url: ownerUrl, folder: migrations, runtimeRole });
    }),
  );
  const failed = migrated.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const stores = addresses.map(({ databaseUrl }, index) =>
    openDatabase({ url: databaseUrl, applicationName: nameOfShard(index) }),
  );
  try {
    await beShards(stores);
    return stores;
  } catch (error) {
    await Promise.all(stores.map((db) => db.close()));
    throw error;
  }
}

const READERS_PER_SHARD = 4;

/** Where what is only looked up in a shard is read: its standby while that is as new as the shard, if it has one. */
export function openReader(
  shard: { readonly standbyUrl?: string } | undefined,
  primary: Database,
  metrics: Metrics,
): Database {
  if (shard?.standbyUrl === undefined) return primary;
  const standby = { url: shard.standbyUrl, applicationName: 'transactions-reader', poolSize: READERS_PER_SHARD };
  return openReadingDatabase({ primary, standby, noted: countReads(metrics) });
}
