import type { Database } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import { claimIdentity, findIdentity, type ShardIdentity } from '../repositories/shard-identity.ts';

/**
 * Makes new databases the shards that their order says, and refuses one that is another shard: with another number of
 * shards buckets would be looked for where they are not. When one is refused, none is made. Faults with `shard-mismatch`.
 */
export async function beShards(stores: readonly Database[]): Promise<void> {
  const count = stores.length;
  const found = await Promise.all(stores.map(findIdentity));
  found.forEach((identity, index) => {
    if (identity !== undefined) mustBe(identity, { index, count });
  });
  // Another process may have made them something else since.
  const claimed = await Promise.all(stores.map((db, index) => claimIdentity(db, { index, count })));
  claimed.forEach((identity, index) => {
    mustBe(identity, { index, count });
  });
}

function mustBe(found: ShardIdentity, wanted: ShardIdentity): void {
  if (found.index === wanted.index && found.count === wanted.count) return;
  const shards = `${found.count} shard${found.count === 1 ? '' : 's'}`;
  const message =
    found.count === wanted.count
      ? `the database of shard ${wanted.index} holds shard ${found.index}: the order of the addresses must stay as it was`
      : `this ledger was made with ${shards} and can not be started with ${wanted.count}`;
  throw new Fault('shard-mismatch', message);
}
