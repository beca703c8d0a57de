import type { Database } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import { claimIdentity, type ShardIdentity } from '../repositories/shard-identity.ts';

/**
 * Makes a new database the shard it is taken for, and refuses one that is another: with another number of shards buckets
 * would be looked for where they are not. Faults with `shard-mismatch`.
 */
export async function beShard(db: Database, wanted: ShardIdentity): Promise<void> {
  const found = await claimIdentity(db, wanted);
  if (found.index === wanted.index && found.count === wanted.count) return;
  const message =
    found.count === wanted.count
      ? `the database of shard ${wanted.index} holds shard ${found.index}: the order of the addresses must stay as it was`
      : `this ledger was made with ${found.count} shard${found.count === 1 ? '' : 's'} and can not be started with ${wanted.count}`;
  throw new Fault('shard-mismatch', message);
}
