import { openDatabase, openSession, type Session, sql } from '@florin/postgres';
import { ok } from '@florin/primitives';
import { testDatabase } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { commitBranch, prepareBranch, rollbackBranch } from './branch.ts';
import { decisionLog } from './decision-log.ts';
import { localParticipant } from './participant.ts';
import { purgeTwoPhase } from './purge.ts';
import { createSessionPool } from './session-pool.ts';
import { checkTwoPhaseSettings } from './settings-check.ts';
import {
  marker,
  named,
  newGid,
  type Order,
  openShards,
  perform,
  type Refusal,
  type Shards,
} from './testing/two-shards.ts';

let shards: Shards;
let gid: string;
beforeAll(async () => {
  shards = await openShards();
});
afterAll(() => shards.close());
beforeEach(() => {
  gid = newGid();
});

async function asOwner(work: (session: Session) => Promise<unknown>): Promise<void> {
  const session = openSession({ url: shards.a.ownerUrl, applicationName: 'owner' });
  await work(session);
  await session.close();
}

test('X12: a database that will do passes the check; one without the tables does not', async () => {
  await checkTwoPhaseSettings(shards.a.database);
  const bare = await testDatabase([]);
  await expect(checkTwoPhaseSettings(bare.database)).rejects.toMatchObject({ code: 'two-phase-tables' });
  await bare.close();
});

test('X12: what another role has prepared can be finished by nobody else, and the check says so', async () => {
  const branch = { gid, branch: 'a' };
  await asOwner(async (owner) => {
    expect(await prepareBranch(owner, branch, async () => ok(undefined))).toEqual({ vote: 'yes' });
    await expect(commitBranch(shards.session('a'), branch)).rejects.toMatchObject({ code: '42501' });
    await expect(checkTwoPhaseSettings(shards.a.database)).rejects.toMatchObject({ code: 'two-phase-role' });
    expect(await shards.resolve({ logs: [] })).toMatchObject({ inDoubt: 1, rolledBack: 0 });
    expect(await rollbackBranch(owner, branch)).toBe('acknowledged');
  });
  await checkTwoPhaseSettings(shards.a.database);
});

test('X12: a branch can be finished in its own database only', async () => {
  const branch = { gid, branch: 'a' };
  await prepareBranch(shards.session('a'), branch, async () => ok(undefined));
  await expect(commitBranch(shards.session('b'), branch)).rejects.toMatchObject({ code: '0A000' });
  expect(await commitBranch(shards.session('a'), branch)).toBe('acknowledged');
});

test('what was decided cannot be changed by the role that the service runs as', async () => {
  await shards.log.decide({ gid, outcome: 'abort', branches: [] });
  const change = sql`update two_phase_decision set outcome = 'commit' where gid = ${gid}`;
  await expect(shards.a.database.execute(change)).rejects.toMatchObject({ code: '42501' });
  const revive = sql`update two_phase_marker set state = 'prepared'`;
  await expect(shards.a.database.execute(revive)).rejects.toMatchObject({ code: '42501' });
});

test('a purge forgets what ended long ago, some at a time, and never what is open', async () => {
  const { database } = shards.a;
  const open = newGid();
  for (const id of [newGid(), newGid(), newGid(), open]) {
    await shards.log.decide({ gid: id, outcome: 'commit', branches: ['a'] });
    if (id !== open) await shards.log.end(id);
    await rollbackBranch(shards.session('a'), { gid: id, branch: 'a' });
  }
  const recent = newGid();
  await rollbackBranch(shards.session('a'), { gid: recent, branch: 'a' });
  expect(await purgeTwoPhase(database)).toEqual({ decisions: 0, markers: 0 });
  await asOwner(async (owner) => {
    const eightDays = sql`interval '8 days'`;
    await owner.execute(sql`
      update two_phase_decision set ended_at = ended_at - ${eightDays}, decided_at = decided_at - ${eightDays}`);
    await owner.execute(sql`update two_phase_marker set at = at - ${eightDays} where gid <> ${recent}`);
  });
  expect(await purgeTwoPhase(database, { limit: 2 })).toEqual({ decisions: 2, markers: 2 });
  await purgeTwoPhase(database);
  expect(await shards.log.find(open)).toMatchObject({ outcome: 'commit', endedAt: null });
  expect(await marker(database, recent)).toBe('aborted');
  expect(await database.query(sql`select from two_phase_marker`)).toHaveLength(1);
  await expect(purgeTwoPhase(database, { keepMs: 3_600_000 })).rejects.toThrow('longer than a gid may be prepared');
});

test('open decisions are claimed by one resolver at a time, those left alone longest first', async () => {
  for (const { gid: known } of await shards.log.claimOpen(0, 100)) await shards.log.end(known);
  const gids = [newGid(), newGid(), newGid()];
  for (const id of gids) await shards.log.decide({ gid: id, outcome: 'abort', branches: [] });
  expect(await shards.log.claimOpen(60_000, 10)).toEqual([]);
  const claim = async (limit: number) => (await shards.log.claimOpen(0, limit)).map((decision) => decision.gid);
  expect(await claim(1)).toEqual([gids[0]]);
  expect(await claim(1)).toEqual([gids[1]]);
  expect(await claim(1)).toEqual([gids[2]]);
  expect(await claim(1)).toEqual([gids[0]]);
});

test('participants and logs that are away are left for the next run', async () => {
  const url = 'postgres://nobody:nothing@127.0.0.1:1/nowhere';
  const away = openDatabase({ url, applicationName: 'away' });
  const participant = localParticipant<Order, Refusal>({ name: 'a', url, perform });
  await prepareBranch(shards.session('b'), { gid, branch: 'b' }, async () => ok(undefined));
  const found = await shards.resolve({
    participants: named({ a: participant, b: shards.local.b }),
    logs: [decisionLog(away), shards.log],
  });
  expect(found.rolledBack).toBe(1);
  await expect(checkTwoPhaseSettings(away)).rejects.toMatchObject({ code: 'database-unavailable' });
  await Promise.all([away.close(), participant.close()]);
});

test('callers wait for a session in their order, and not for ever', async () => {
  const pool = createSessionPool({ url: shards.a.url, applicationName: 'pool', size: 1, waitMs: 200 });
  const { promise, resolve } = Promise.withResolvers<void>();
  const order: number[] = [];
  const first = pool.use(() => promise);
  const behind = [1, 2].map((n) => pool.use(async () => order.push(n)));
  resolve();
  await Promise.all([first, ...behind]);
  expect(order).toEqual([1, 2]);

  const held = Promise.withResolvers<void>();
  const holder = pool.use(() => held.promise);
  await expect(pool.use(async () => 0)).rejects.toMatchObject({ code: 'database-unavailable' });
  const waiting = pool.use(async () => 0);
  const refused = expect(waiting).rejects.toMatchObject({ code: 'database-unavailable' });
  await pool.close();
  await refused;
  held.resolve();
  await holder;
  await expect(pool.use(async () => 0)).rejects.toMatchObject({ code: 'database-unavailable' });
});
