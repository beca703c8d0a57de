import { systemClock } from '@florin/primitives';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';
import { openBusinessTime } from './keep-business-time.ts';

let shards: TestLedger[];
beforeAll(async () => {
  shards = [await openTestLedger(), await openTestLedger()];
});
afterAll(() => Promise.all(shards.map((shard) => shard.close())));

it('the clock is in the first shard, and is only moved forward once any shard has booked something', async () => {
  const stores = shards.map(({ database }) => database.database);
  const time = await openBusinessTime(stores, systemClock);
  const another = await openBusinessTime(stores, systemClock);
  expect(await time.move(-86_400_000)).toMatchObject({ ok: true });
  await another.refresh();
  expect(another.now().businessDate).toBe(time.now().businessDate);
  await shards[1]?.open('alice', 100n);
  expect(await time.move(-2 * 86_400_000)).toMatchObject({ ok: false, failure: { code: 'clock-moves-forward-only' } });
  expect(await time.move(0)).toMatchObject({ ok: true });
});
