import { openDatabase, sql } from '@florin/postgres';
import { invariant } from '@florin/primitives';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decisionLog } from './decision-log.ts';
import { decided, marker, named, newGid, openShards, type Shards, tenCents } from './testing/two-shards.ts';

let shards: Shards;
let gid: string;
beforeAll(async () => {
  shards = await openShards();
});
afterAll(() => shards.close());
beforeEach(async () => {
  gid = newGid();
  for (const { database } of [shards.a, shards.b])
    await database.execute(sql`update purse set cents = 100 where id <> 'slow'`);
});

/** Nothing reads this port: it was free a moment ago, and the port 1 is for nobody. */
const AWAY = 'postgres://nobody:nothing@127.0.0.1:1/nowhere';

describe('a two-phase transaction', () => {
  test('happens in both databases, and the log says that it has ended', async () => {
    expect(await shards.coordinator().run(gid, tenCents())).toEqual({ status: 'committed', isEnded: true });
    expect(await shards.cents()).toEqual([90n, 110n]);
    expect(await decided(shards.log, gid)).toEqual({ outcome: 'commit', isEnded: true });
    expect(await shards.prepared()).toBe(0);
  });

  test('that one branch refuses happens in none, and says why', async () => {
    const work = new Map([...tenCents(), ['a', { cents: -101 }]]);
    expect(await shards.coordinator().run(gid, work)).toEqual({
      status: 'aborted',
      reason: { code: 'refused', branch: 'a', refusal: { code: 'insufficient', cents: -1n } },
      isEnded: true,
    });
    expect(await shards.cents()).toEqual([100n, 100n]);
    expect(await shards.prepared()).toBe(0);
    expect([await marker(shards.a.database, gid), await marker(shards.b.database, gid)]).toEqual([
      'aborted',
      'aborted',
    ]);
  });

  test('that is run again answers as it ended, and moves nothing twice', async () => {
    await shards.coordinator().run(gid, tenCents());
    expect(await shards.coordinator().run(gid, tenCents())).toEqual({ status: 'committed', isEnded: true });
    expect(await shards.cents()).toEqual([90n, 110n]);
  });

  test('that is run twice at the same time ends once, whichever way', async () => {
    const outcomes = await Promise.all([1, 2].map(() => shards.coordinator().run(gid, tenCents())));
    await shards.resolve();
    expect(new Set(outcomes.map((outcome) => outcome.status)).size).toBe(1);
    const [a, b] = await shards.cents();
    expect([a, b]).toEqual(outcomes[0]?.status === 'committed' ? [90n, 110n] : [100n, 100n]);
    expect(await shards.prepared()).toBe(0);
  });

  test('in which our own code breaks a promise is undone, and the work stops', async () => {
    const work = tenCents();
    work.set('b', { cents: 10, meanwhile: async () => invariant(false, 'a promise of ours') });
    await expect(shards.coordinator().run(gid, work)).rejects.toThrow('a promise of ours');
    expect(await shards.cents()).toEqual([100n, 100n]);
    expect(await decided(shards.log, gid)).toEqual({ outcome: 'abort', isEnded: true });
  });

  test('whose log cannot be reached after the voting stays in doubt, and the log decides later', async () => {
    const away = openDatabase({ url: AWAY, applicationName: 'away' });
    const outcome = await shards.coordinator({ decisions: decisionLog(away) }).run(gid, tenCents());
    await away.close();
    expect(outcome).toEqual({ status: 'in-doubt' });
    expect(await shards.prepared()).toBe(2);
    expect(await shards.resolve()).toMatchObject({ committed: 0, rolledBack: 2, inDoubt: 0 });
    expect(await shards.cents()).toEqual([100n, 100n]);
  });

  test('of 200 at the same time leave the sum as it was, and nothing behind', async () => {
    const coordinator = shards.coordinator({ participants: named(shards.local) });
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () => coordinator.run(newGid(), tenCents()).catch(() => undefined)),
    );
    await shards.resolve();
    // Those that found the machine too busy failed, which is no outcome; the late ones find too little money.
    const known = outcomes.filter((outcome) => outcome !== undefined);
    const committed = known.filter(({ status }) => status === 'committed').length;
    expect(await shards.cents()).toEqual([100n - BigInt(committed * 10), 100n + BigInt(committed * 10)]);
    expect(committed).toBeGreaterThan(0);
    expect(await shards.prepared()).toBe(0);
  });

  test('with nobody to ask, or with somebody unknown, is a mistake of the caller', async () => {
    await expect(shards.coordinator().run(gid, new Map())).rejects.toThrow('at least one branch');
    await expect(shards.coordinator().run(gid, new Map([['c', { cents: 1 }]]))).rejects.toThrow('c is no participant');
    await expect(shards.coordinator().run('4', tenCents())).rejects.toThrow('not a UUID');
    expect(await shards.log.find(gid)).toBeUndefined();
  });
});
