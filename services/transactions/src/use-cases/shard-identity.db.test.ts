import { sql } from '@florin/postgres';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { findIdentity } from '../repositories/shard-identity.ts';
import { MIGRATIONS } from '../testing/test-ledger.ts';
import { beShards } from './shard-identity.ts';

const opened: TestDatabase[] = [];
async function newDatabases(count: number) {
  const made = await Promise.all(Array.from({ length: count }, () => testDatabase(MIGRATIONS)));
  opened.push(...made);
  return made.map(({ database }) => database);
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

describe('the databases of a ledger', () => {
  it('become its shards at the first start, and are them at every later one', async () => {
    const stores = await newDatabases(2);
    await beShards(stores);
    await beShards(stores);
    expect(await Promise.all(stores.map(findIdentity))).toEqual([
      { index: 0, count: 2 },
      { index: 1, count: 2 },
    ]);
  });

  it('are refused in another number, and a new one among them stays free', async () => {
    const [first, second] = await newDatabases(2);
    if (first === undefined || second === undefined) throw new Error('two were made');
    await beShards([first]);
    await expect(beShards([first, second])).rejects.toMatchObject({
      code: 'shard-mismatch',
      message: 'this ledger was made with 1 shard and can not be started with 2',
    });
    await expect(beShards([second, first])).rejects.toMatchObject({ code: 'shard-mismatch' });
    expect(await findIdentity(second)).toBeUndefined();
  });

  it('are refused in another order', async () => {
    const stores = await newDatabases(2);
    await beShards(stores);
    await expect(beShards(stores.toReversed())).rejects.toThrow(
      'the database of shard 0 holds shard 1: the order of the addresses must stay as it was',
    );
  });

  it('are one thing when two processes start at once with different numbers', async () => {
    const [first, second] = await newDatabases(2);
    if (first === undefined || second === undefined) throw new Error('two were made');
    const started = await Promise.allSettled([beShards([first]), beShards([first, second])]);
    const identity = await findIdentity(first);
    expect(started.map(({ status }) => status)).toEqual(
      identity?.count === 1 ? ['fulfilled', 'rejected'] : ['rejected', 'fulfilled'],
    );
  });

  it('are not written by mistake: the role that serves requests can not change what a shard is', async () => {
    const [store] = await newDatabases(1);
    await store?.execute(sql`INSERT INTO shard_identity (shard_index, shard_count) VALUES (0, 1)`);
    for (const statement of [sql`UPDATE shard_identity SET shard_count = 2`, sql`DELETE FROM shard_identity`]) {
      await expect(store?.execute(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });
});
