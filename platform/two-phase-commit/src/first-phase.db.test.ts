import { type Executor, sql } from '@florin/postgres';
import { ok, uuidInBucket } from '@florin/primitives';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { prepareBranch, rollbackBranch } from './branch.ts';
import {
  decided,
  marker,
  named,
  newGid,
  type Order,
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
  for (const { database } of [shards.a, shards.b])
    await database.execute(sql`update purse set cents = 100 where id <> 'slow'`);
});

/** A door that is opened once, for what has to happen in an order. */
function door() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}

async function nothingHappened(): Promise<void> {
  expect(await shards.prepared()).toBe(0);
  expect(await shards.cents()).toEqual([100n, 100n]);
}

test('X1: a participant that crashes before it votes aborts all', async () => {
  const work = tenCents();
  work.set('b', { cents: 10, meanwhile: (tx) => tx.query(sql`select pg_terminate_backend(pg_backend_pid())`) });
  expect(await shards.coordinator().run(gid, work)).toEqual({
    status: 'aborted',
    reason: { code: 'unavailable', branch: 'b' },
    isEnded: true,
  });
  await nothingHappened();
});

test('X1: a connection that is lost during PREPARE may have prepared: the vote is unknown, and all abort', async () => {
  const work = tenCents();
  work.set('b', { cents: 10, purse: 'slow' });
  const running = shards.coordinator({ voteTimeoutMs: 20_000 }).run(gid, work);
  const inPrepare = sql`
    from pg_stat_activity where datname = current_database() and state = 'active' and query like 'prepare transaction%'`;
  await expect.poll(() => shards.b.database.query(sql`select pid ${inPrepare}`)).toHaveLength(1);
  await shards.b.database.query(sql`select pg_terminate_backend(pid) ${inPrepare}`);
  expect(await running).toEqual({ status: 'aborted', reason: { code: 'vote-unknown', branch: 'b' }, isEnded: true });
  await nothingHappened();
});

test('X1: a branch whose yes was lost on the way is rolled back with the others', async () => {
  const lossy: Participant = {
    ...shards.local.b,
    prepare: async (id, order) => {
      expect(await shards.local.b.prepare(id, order)).toEqual({ vote: 'yes' });
      return { vote: 'unknown' };
    },
  };
  const outcome = await shards.coordinator({ participants: named(shards.local, { b: lossy }) }).run(gid, tenCents());
  expect(outcome).toMatchObject({ status: 'aborted', reason: { code: 'vote-unknown', branch: 'b' } });
  await nothingHappened();
});

test('X6: a PREPARE that comes after the abort is refused by the tombstone', async () => {
  const branch = { gid, branch: 'a' };
  expect(await rollbackBranch(shards.session('a'), branch)).toBe('acknowledged');
  expect(await marker(shards.a.database, gid)).toBe('aborted');
  const vote = await prepareBranch(shards.session('a'), branch, async () => ok(undefined));
  expect(vote).toEqual({ vote: 'no', code: 'too-late' });
  expect(await rollbackBranch(shards.session('a'), branch)).toBe('acknowledged');
  await nothingHappened();
});

test('X6: an abort that comes while PREPARE is on its way answers busy, and wins when it is repeated', async () => {
  const branch = { gid, branch: 'a' };
  const [arrived, goOn] = [door(), door()];
  const voting = prepareBranch(shards.session('a'), branch, async (tx) => {
    arrived.open();
    await goOn.opened;
    return perform(tx, { cents: -10 });
  });
  await arrived.opened;
  expect(await rollbackBranch(shards.session('a'), branch, 50)).toBe('busy');
  goOn.open();
  expect(await voting).toEqual({ vote: 'yes' });
  expect(await rollbackBranch(shards.session('a'), branch)).toBe('acknowledged');
  expect(await marker(shards.a.database, gid)).toBe('aborted');
  await nothingHappened();
});

test('X6: a PREPARE that slips in between the rollback and the tombstone is rolled back too', async () => {
  const branch = { gid, branch: 'a' };
  const [arrived, goOn] = [door(), door()];
  const voting = prepareBranch(shards.session('a'), branch, async (tx) => {
    arrived.open();
    await goOn.opened;
    return perform(tx, { cents: -10 });
  });
  await arrived.opened;
  const aborting = rollbackBranch(shards.session('a'), branch, 2_000);
  await expect
    .poll(() =>
      shards.a.database.query(sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`),
    )
    .toHaveLength(1);
  goOn.open();
  expect(await voting).toEqual({ vote: 'yes' });
  expect(await aborting).toBe('acknowledged');
  expect(await marker(shards.a.database, gid)).toBe('aborted');
  await nothingHappened();
});

test('X6: a gid that is older than its markers may be is refused without one', async () => {
  const old = uuidInBucket(0, Date.now() - 25 * 3_600_000, new Uint8Array(9));
  const vote = await prepareBranch(shards.session('a'), { gid: old, branch: 'a' }, async () => ok(undefined));
  expect(vote).toEqual({ vote: 'no', code: 'too-late' });
});

test('X8: a vote that does not come in time aborts all, and the late branch is rolled back', async () => {
  const late = door();
  const work = tenCents();
  work.set('b', { cents: 10, meanwhile: () => late.opened });
  const outcome = await shards.coordinator({ voteTimeoutMs: 50 }).run(gid, work);
  expect(outcome).toEqual({ status: 'aborted', reason: { code: 'vote-missing', branch: 'b' }, isEnded: false });
  expect(await shards.cents()).toEqual([100n, 100n]);
  late.open();
  await expect.poll(() => shards.local.b.listPrepared()).toHaveLength(1);
  expect(await shards.resolve()).toMatchObject({ rolledBack: 1, ended: 1 });
  expect(await decided(shards.log, gid)).toEqual({ outcome: 'abort', isEnded: true });
  await nothingHappened();
});

test('X9: in doubt, readers see the old balance and writers of the row are told busy', async () => {
  const [held, goOn] = [door(), door()];
  const running = shards
    .coordinator({
      async at(point) {
        if (point !== 'after-decision') return;
        held.open();
        await goOn.opened;
      },
    })
    .run(gid, tenCents());
  await held.opened;
  expect(await shards.cents()).toEqual([100n, 100n]);
  const other = await shards.coordinator().run(newGid(), tenCents());
  expect(other).toMatchObject({ status: 'aborted', reason: { code: 'busy', branch: 'a' } });
  const elsewhere = new Map([...tenCents()].map(([name, order]) => [name, { ...order, purse: 'other' }]));
  expect(await shards.coordinator().run(newGid(), elsewhere)).toMatchObject({ status: 'committed' });
  goOn.open();
  expect(await running).toEqual({ status: 'committed', isEnded: true });
  expect(await shards.cents()).toEqual([90n, 110n]);
});

test('X13: two that wait for each other across two databases do not wait for ever', async () => {
  const [firstHasA, secondHasB] = [door(), door()];
  // Each holds `main` in one database, and wants it in the other once the other one has it there.
  const afterwards = async (tx: Executor, other: typeof firstHasA): Promise<void> => {
    await other.opened;
    await perform(tx, { cents: 1 });
  };
  const first = new Map<string, Order>([
    ['a', { cents: -10, meanwhile: async () => firstHasA.open() }],
    ['b', { cents: 10, purse: 'other', meanwhile: (tx) => afterwards(tx, secondHasB) }],
  ]);
  const second = new Map<string, Order>([
    ['a', { cents: 10, purse: 'other', meanwhile: (tx) => afterwards(tx, firstHasA) }],
    ['b', { cents: -10, meanwhile: async () => secondHasB.open() }],
  ]);
  const outcomes = await Promise.all([
    shards.coordinator().run(gid, first),
    shards.coordinator().run(newGid(), second),
  ]);
  const aborted = outcomes.filter((outcome) => outcome.status === 'aborted');
  expect(aborted.length).toBeGreaterThan(0);
  for (const outcome of aborted) expect(outcome).toMatchObject({ reason: { code: 'busy' }, isEnded: true });
  expect(await shards.prepared()).toBe(0);
});

test('X13: two that wait for each other in one database: PostgreSQL ends one of them', async () => {
  const [firstHas, secondHas] = [door(), door()];
  const branch = (has: typeof firstHas, other: typeof firstHas, purses: [string, string]) =>
    prepareBranch(shards.session('a'), { gid: newGid(), branch: 'a', lockTimeoutMs: 4_000 }, async (tx) => {
      await perform(tx, { cents: 1, purse: purses[0] });
      has.open();
      await other.opened;
      return perform(tx, { cents: 1, purse: purses[1] });
    });
  const votes = await Promise.all([
    branch(firstHas, secondHas, ['main', 'other']),
    branch(secondHas, firstHas, ['other', 'main']),
  ]);
  expect(votes).toContainEqual({ vote: 'no', code: 'deadlock' });
  expect(votes).toContainEqual({ vote: 'yes' });
  await shards.resolve();
  await nothingHappened();
});
