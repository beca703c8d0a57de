import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createMetrics } from '@florin/observability';
import {
  type Database,
  type EmbeddedPostgres,
  ensureServiceDatabase,
  migrate,
  openDatabase,
  openSession,
  removeEmbeddedPostgres,
  sql,
  startEmbeddedPostgres,
} from '@florin/postgres';
import { ok } from '@florin/primitives';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareBranch, rollbackBranch } from './branch.ts';
import { createCoordinator } from './coordinator.ts';
import { decisionLog } from './decision-log.ts';
import { type LocalParticipant, localParticipant } from './participant.ts';
import { resolveInDoubt } from './resolver.ts';
import { Crash, crashAt, newGid, type Order, perform, type Refusal, tenCents } from './testing/two-shards.ts';
import { twoPhaseMigrations } from './two-phase-migrations.ts';

/** A server of its own, since this one is killed and filled up. */
let folder: string;
let server: EmbeddedPostgres;
const databases = new Map<string, Database>();
const participants = new Map<string, LocalParticipant<Order, Refusal>>();
const metrics = createMetrics({ service: 'test' });
const logger = createLogger({ service: 'test', level: 'silent' });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'florin-two-phase-'));
  chmodSync(folder, 0o711);
  server = await startEmbeddedPostgres({ dataFolder: folder });
  for (const name of ['a', 'b']) {
    const made = await ensureServiceDatabase(server.url, { name, ownerPassword: 'owner', runtimePassword: 'runtime' });
    const folders = [twoPhaseMigrations, new URL('testing/purses/', import.meta.url)];
    await migrate({ url: made.ownerUrl, folder: folders, runtimeRole: made.runtimeRole });
    const database = openDatabase({ url: made.runtimeUrl, applicationName: 'test', poolSize: 2 });
    await database.execute(sql`insert into purse (id, cents) values ('main', 100)`);
    databases.set(name, database);
    participants.set(name, localParticipant<Order, Refusal>({ name, url: made.runtimeUrl, perform }));
  }
});
afterAll(async () => {
  for (const open of [...participants.values(), ...databases.values()]) await open.close();
  await server.stop();
  await removeEmbeddedPostgres(folder);
});

function databaseOf(name: string): Database {
  const database = databases.get(name);
  if (database === undefined) throw new Error(`no database ${name}`);
  return database;
}

async function cents(name: string): Promise<bigint | undefined> {
  return (await databaseOf(name).query<{ cents: bigint }>(sql`select cents from purse`))[0]?.cents;
}

test.each([
  { point: 'before-decision', ends: [100n, 100n] },
  { point: 'after-decision', ends: [90n, 110n] },
])(
  'X2: after PREPARE the whole server is killed ($point): locks and promises are there when it is back',
  async (row) => {
    const decisions = decisionLog(databaseOf('a'));
    const coordinator = createCoordinator({ decisions, participants, logger, metrics, at: crashAt(row.point) });
    await expect(coordinator.run(newGid(), tenCents())).rejects.toThrow(Crash);
    process.kill(server.pid, 'SIGKILL');
    await server.stop();
    server = await startEmbeddedPostgres({ dataFolder: folder, port: server.port });

    await expect.poll(() => cents('b').catch(() => undefined)).toBe(100n);
    await expect
      .poll(() =>
        participants
          .get('a')
          ?.listPrepared()
          .catch(() => []),
      )
      .toHaveLength(1);
    expect(await participants.get('a')?.prepare(newGid(), { cents: 1 })).toEqual({ vote: 'no', code: 'busy' });
    const resolve = () =>
      resolveInDoubt({ participants, decisionsFor: () => decisions, logs: [decisions], logger, metrics, graceMs: 0 });
    // A connection from before may be found dead only when it is used.
    await expect.poll(async () => (await resolve()).inDoubt).toBe(0);
    expect([await cents('a'), await cents('b')]).toEqual(row.ends);
    expect((await Promise.all([...participants.values()].map((each) => each.listPrepared()))).flat()).toEqual([]);
  },
);

test('X11: without a free slot a branch votes no, and nothing is left of it', async () => {
  const session = openSession({ url: withDatabase('a'), applicationName: 'filler' });
  const slots = 64;
  const fillers = Array.from({ length: slots }, () => ({ gid: newGid(), branch: 'a' }));
  for (const filler of fillers) {
    expect(await prepareBranch(session, filler, async () => ok(undefined))).toEqual({ vote: 'yes' });
  }
  const before = await cents('a');
  const decisions = decisionLog(databaseOf('a'));
  const coordinator = createCoordinator({ decisions, participants, logger, metrics });
  const gid = newGid();
  expect(await coordinator.run(gid, tenCents())).toEqual({
    status: 'aborted',
    reason: { code: 'no-slot', branch: 'a' },
    isEnded: true,
  });
  for (const filler of fillers) expect(await rollbackBranch(session, filler)).toBe('acknowledged');
  expect(await coordinator.run(newGid(), tenCents())).toMatchObject({ status: 'committed' });
  expect(await cents('a')).toBe((before ?? 0n) - 10n);
  await session.close();
});

/** The superuser's address of a database. */
function withDatabase(name: string): string {
  const url = new URL(server.url);
  url.pathname = `/florin_${name}`;
  return url.href;
}
