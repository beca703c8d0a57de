import { databaseUnavailable, sql, withClient } from '@florin/postgres';
import { ok } from '@florin/primitives';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { commitBranch, prepareBranch, rollbackBranch } from './branch.ts';
import { preparedName } from './branch-name.ts';
import { listInDoubt } from './in-doubt.ts';
import type { Outcome } from './protocol.ts';
import {
  Crash,
  crashAt,
  decided,
  gauge,
  marker,
  named,
  newGid,
  openShards,
  type Participant,
  perform,
  type Shards,
  tenCents,
} from './testing/two-shards.ts';

let shards: Shards;
let gid: string;
beforeAll(async () => {
  shards = await openShards();
});
afterAll(() => shards.close());
beforeEach(async () => {
  gid = newGid();
  for (const { database } of [shards.a, shards.b]) {
    await database.execute(sql`update purse set cents = 100 where id <> 'slow'`);
  }
});

/** A participant that cannot be reached in the second phase; with `isHeard` it hears, and only its answer is lost. */
function cutOff(participant: Participant, isHeard: boolean): Participant {
  const lose = async (tell: () => Promise<unknown>): Promise<never> => {
    if (isHeard) await tell();
    throw databaseUnavailable('cut off');
  };
  return {
    ...participant,
    commit: (id) => lose(() => participant.commit(id)),
    rollback: (id) => lose(() => participant.rollback(id)),
  };
}

async function byHand(name: 'a' | 'b', statement: 'commit prepared' | 'rollback prepared'): Promise<void> {
  const literal = `'${preparedName({ gid, branch: name })}'`;
  await withClient(shards[name].superuserUrl, (client) => client.query(`${statement} ${literal}`));
}

test('X2: a branch whose coordinator is gone waits, with its locks, until the log is asked', async () => {
  await expect(shards.coordinator({ at: crashAt('after-decision') }).run(gid, tenCents())).rejects.toThrow(Crash);
  expect(await shards.prepared()).toBe(2);
  expect(await shards.resolve({ graceMs: 60_000 })).toMatchObject({ committed: 0, rolledBack: 0, ended: 0 });
  expect(await shards.prepared()).toBe(2);
  expect(await shards.resolve()).toMatchObject({ committed: 2, inDoubt: 0, ended: 1 });
  expect(await shards.cents()).toEqual([90n, 110n]);
});

test.each(['before-prepare', 'after-prepare', 'before-decision'])(
  'X3: a coordinator that dies at %s has decided nothing, so it is aborted',
  async (point) => {
    await expect(shards.coordinator({ at: crashAt(point) }).run(gid, tenCents())).rejects.toThrow(Crash);
    await expect.poll(() => shards.prepared()).toBe(point === 'before-prepare' ? 0 : 2);
    await shards.resolve();
    expect(await shards.prepared()).toBe(0);
    expect(await shards.cents()).toEqual([100n, 100n]);
    const expected = point === 'before-prepare' ? undefined : { outcome: 'abort', isEnded: true };
    expect(await decided(shards.log, gid)).toEqual(expected);
  },
);

test.each(['after-decision', 'after-first-commit', 'before-ended'])(
  'X4: a coordinator that dies at %s has decided, so it is committed everywhere',
  async (point) => {
    await expect(shards.coordinator({ at: crashAt(point) }).run(gid, tenCents())).rejects.toThrow(Crash);
    expect(await decided(shards.log, gid)).toEqual({ outcome: 'commit', isEnded: false });
    await shards.resolve();
    expect(await decided(shards.log, gid)).toEqual({ outcome: 'commit', isEnded: true });
    expect(await shards.cents()).toEqual([90n, 110n]);
    expect(await shards.prepared()).toBe(0);
  },
);

test('X4: a branch that cannot be told is told later, and until then the decision stays open', async () => {
  const participants = named(shards.local, { b: cutOff(shards.local.b, false) });
  expect(await shards.coordinator({ participants }).run(gid, tenCents())).toEqual({
    status: 'committed',
    isEnded: false,
  });
  expect(await shards.cents()).toEqual([90n, 100n]);
  expect(await shards.resolve({ participants })).toMatchObject({ inDoubt: 1, ended: 0 });
  expect(await gauge(shards.metrics, 'florin_two_phase_in_doubt')).toBe(1);
  expect(await gauge(shards.metrics, 'florin_two_phase_in_doubt_oldest_seconds')).toBeGreaterThan(0);
  expect(await shards.resolve()).toMatchObject({ committed: 1, inDoubt: 0, ended: 1 });
  expect(await gauge(shards.metrics, 'florin_two_phase_in_doubt')).toBe(0);
  expect(await shards.cents()).toEqual([90n, 110n]);
});

test.each<[Outcome, number]>([
  ['commit', -10],
  ['abort', -101],
])(
  'X4: acknowledgements of a %s that were lost are asked for again, and nothing happens twice',
  async (outcome, cents) => {
    const participants = named({ a: cutOff(shards.local.a, true), b: cutOff(shards.local.b, true) });
    const work = new Map([...tenCents(), ['a', { cents }]]);
    expect(await shards.coordinator({ participants }).run(gid, work)).toMatchObject({ isEnded: false });
    expect(await shards.prepared()).toBe(0);
    expect(await shards.resolve()).toMatchObject({ committed: 0, rolledBack: 0, ended: 1 });
    expect(await decided(shards.log, gid)).toEqual({ outcome, isEnded: true });
    expect(await shards.cents()).toEqual(outcome === 'commit' ? [90n, 110n] : [100n, 100n]);
  },
);

test('X5: asked while undecided the log says abort, and a coordinator that votes on loses', async () => {
  const outcome = await shards
    .coordinator({
      at: async (point) => {
        if (point === 'before-decision') await shards.resolve();
      },
    })
    .run(gid, tenCents());
  expect(outcome).toEqual({ status: 'aborted', reason: { code: 'decided-elsewhere' }, isEnded: true });
  expect(await shards.cents()).toEqual([100n, 100n]);
});

test('X5: a resolver that proposes abort a moment after the commit was written obeys the commit', async () => {
  await expect(shards.coordinator({ at: crashAt('before-decision') }).run(gid, tenCents())).rejects.toThrow(Crash);
  const overtaken = {
    ...shards.log,
    async find(id: string) {
      const seen = await shards.log.find(id);
      await shards.log.decide({ gid: id, outcome: 'commit', branches: ['a', 'b'] });
      return seen;
    },
  };
  expect(await shards.resolve({ decisionsFor: () => overtaken })).toMatchObject({ committed: 2, rolledBack: 0 });
  expect(await shards.cents()).toEqual([90n, 110n]);
});

test('X5: one row decides, however many propose at once', async () => {
  for (let round = 0; round < 20; round += 1) {
    const id = newGid();
    const rows = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        shards.log.decide({ gid: id, outcome: n % 2 === 0 ? 'commit' : 'abort', branches: [`b${n}`] }),
      ),
    );
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(1);
    await shards.log.end(id);
  }
});

test('X5: a coordinator and a resolver that race end alike', async () => {
  for (let round = 0; round < 10; round += 1) {
    const before = await shards.cents();
    const [outcome] = await Promise.all([
      shards.coordinator().run(newGid(), tenCents()),
      shards.resolve(),
      shards.resolve(),
    ]);
    await shards.resolve();
    const moved = outcome.status === 'committed' ? 10n : 0n;
    expect(await shards.cents()).toEqual([before[0] - moved, before[1] + moved]);
    expect(await shards.prepared()).toBe(0);
  }
});

test('X7: COMMIT PREPARED is repeated: the marker says that it was committed', async () => {
  const branch = { gid, branch: 'a' };
  const session = shards.session('a');
  await prepareBranch(session, branch, (tx) => perform(tx, { cents: 5 }));
  expect(await commitBranch(session, branch)).toBe('acknowledged');
  expect(await commitBranch(session, branch)).toBe('acknowledged');
  expect(await marker(shards.a.database, gid)).toBe('prepared');
});

test.each<[Outcome, 'commit prepared' | 'rollback prepared', 'after-decision' | 'before-decision']>([
  ['commit', 'rollback prepared', 'after-decision'],
  ['abort', 'commit prepared', 'before-decision'],
])('X7: a decision to %s and a %s by hand: a person must look', async (outcome, byOperator, point) => {
  await expect(shards.coordinator({ at: crashAt(point) }).run(gid, tenCents())).rejects.toThrow(Crash);
  await byHand('b', byOperator);
  if (outcome === 'abort') await shards.log.decide({ gid, outcome, branches: ['a', 'b'] });
  await shards.resolve();
  expect(await decided(shards.log, gid)).toEqual({ outcome, isEnded: false });
  expect(await shards.log.listAttention(10)).toMatchObject([
    { gid, attention: `decided: ${outcome}; ended otherwise, behind our back: b` },
  ]);
  expect(await gauge(shards.metrics, 'florin_two_phase_damaged_total')).toBeGreaterThan(0);
  await shards.log.end(gid);
});

test('X10: a branch that no coordinator answers for is shown and left alone, however old', async () => {
  await prepareBranch(shards.session('a'), { gid, branch: 'a' }, async () => ok(undefined));
  await prepareBranch(shards.session('b'), { gid, branch: 'elsewhere' }, async () => ok(undefined));
  await withClient(shards.b.superuserUrl, async (client) => {
    await client.query('begin');
    await client.query("prepare transaction 'florin:by hand'");
  });
  const decisionsFor = () => undefined;
  const { orphans } = await shards.resolve({ decisionsFor });
  expect(orphans.map((orphan) => orphan.name).sort()).toEqual([
    preparedName({ gid, branch: 'a' }),
    preparedName({ gid, branch: 'elsewhere' }),
    'florin:by hand',
  ]);
  expect(await gauge(shards.metrics, 'florin_two_phase_orphans')).toBe(3);
  expect(await shards.prepared()).toBe(3);
  // With a coordinator the first is no orphan; the others still are.
  const found = await shards.resolve({ limit: 1 });
  expect([found.rolledBack, found.orphans.length]).toEqual([1, 2]);
  expect(await rollbackBranch(shards.session('b'), { gid, branch: 'elsewhere' })).toBe('acknowledged');
  await withClient(shards.b.superuserUrl, (client) => client.query("rollback prepared 'florin:by hand'"));
});

test('one run finishes so many branches and no more, and asks a log that is away only once', async () => {
  const { a } = shards.local;
  for (let n = 0; n < 3; n += 1) await a.prepare(newGid(), { cents: 0, purse: `none-${n}` });
  let asked = 0;
  const silent = {
    ...shards.log,
    find() {
      asked += 1;
      return Promise.reject(databaseUnavailable('away'));
    },
  };
  expect(await shards.resolve({ decisionsFor: () => silent, logs: [] })).toMatchObject({ inDoubt: 3 });
  expect(asked).toBe(1);
  expect(await shards.resolve({ limit: 2 })).toMatchObject({ rolledBack: 2, inDoubt: 1 });
  expect(await shards.resolve({ limit: 2 })).toMatchObject({ rolledBack: 1, inDoubt: 0 });
});

test('X10: a branch that a decision to commit does not name is nobody’s, and stays', async () => {
  await prepareBranch(shards.session('b'), { gid, branch: 'b' }, async () => ok(undefined));
  await shards.log.decide({ gid, outcome: 'commit', branches: [] });
  expect((await shards.resolve()).orphans).toHaveLength(1);
  expect(await rollbackBranch(shards.session('b'), { gid, branch: 'b' })).toBe('acknowledged');
});

test('operators see what is prepared, since when, and what the log says; looking decides nothing', async () => {
  await expect(shards.coordinator({ at: crashAt('before-decision') }).run(gid, tenCents())).rejects.toThrow(Crash);
  const seen = () => listInDoubt(named(shards.local), () => shards.log);
  const [row, ...others] = await seen();
  expect(row).toMatchObject({ gid, branch: expect.any(String), database: expect.stringMatching(/^florin_test_/) });
  expect(row?.preparedAt).toBeInstanceOf(Date);
  expect([row, ...others].map((branch) => branch?.logSays)).toEqual(['undecided', 'undecided']);
  expect(await shards.log.find(gid)).toBeUndefined();
  await shards.log.decide({ gid, outcome: 'commit', branches: ['a', 'b'] });
  expect((await seen()).map((branch) => branch.logSays)).toEqual(['commit', 'commit']);
  expect((await listInDoubt(named(shards.local), () => undefined)).map((branch) => branch.logSays)).toEqual([
    'no-coordinator',
    'no-coordinator',
  ]);
  const silent = { ...shards.log, find: () => Promise.reject(databaseUnavailable('away')) };
  expect((await listInDoubt(named(shards.local), () => silent)).map((branch) => branch.logSays)).toEqual([
    'unreachable',
    'unreachable',
  ]);
  expect(await shards.resolve({ decisionsFor: () => silent, logs: [] })).toMatchObject({ inDoubt: 2, orphans: [] });
  const broken = { ...shards.log, find: () => Promise.reject(new Error('a mistake in the statement')) };
  expect(await shards.resolve({ decisionsFor: () => broken, logs: [] })).toMatchObject({ inDoubt: 2, orphans: [] });
  await expect(listInDoubt(named(shards.local), () => broken)).rejects.toThrow('a mistake');
  expect(await shards.resolve()).toMatchObject({ committed: 2 });
});
