import { setTimeout as sleep } from 'node:timers/promises';
import { messagingMigrations } from '@florin/messaging';
import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { sagaMigrations } from '@florin/saga';
import { startTestServer, type TestDatabase, type TestServer, testDatabase } from '@florin/testing';
import { twoPhaseMigrations } from '@florin/two-phase-commit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePortPair } from '../../../tools/free-ports.ts';
import { complaintsAbout, linesOf } from './books.ts';
import type { Places } from './desk.ts';
import type { Role } from './host.ts';
import { type HostProcess, startHost } from './host-process.ts';
import { type Cell, PATTERNS, type Pattern } from './pattern.ts';

const MIGRATIONS = [messagingMigrations, sagaMigrations, twoPhaseMigrations, new URL('migrations/', import.meta.url)];
/** From a restart to the end: leases and pauses of a second. */
const SETTLED_MS_MAX = 20_000;
/** The controls wait for an end that may not come, and nobody asks again who would bring it about. */
const CONTROL_MS_MAX = 4_000;
const LOOK_EVERY_MS = 25;
const ASK_AGAIN_EVERY_MS = 1_000;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  process.env['FLORIN_TEST_POSTGRES_URL'] = server.url;
});
afterAll(() => server.close());

describe.each(PATTERNS)('$title', (pattern) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(pattern, true);
  });
  afterAll(() => stage.close());

  it.each(pattern.cells)('$role killed at $point, passing $nth, refused: $refused', async (cell) => {
    const { end, complaints } = await runCell(stage, cell, SETTLED_MS_MAX);
    expect(complaints).toEqual([]);
    expect(endsOf(pattern, cell)).toContain(end);
  });
});

/** In two phases nothing is decided at these points yet: it is aborted, unless the second try of who asked comes first. */
const UNDECIDED = new Set(['before-prepare-transaction', 'before-prepare', 'after-prepare', 'before-decision']);

/** How a transfer may end: one that was begun goes on, whoever dies. */
function endsOf({ leader }: Pattern, { refused, point }: Cell): readonly string[] {
  if (refused) return ['undone'];
  return leader === 'two-phase' && UNDECIDED.has(point) ? ['done', 'undone'] : ['done'];
}

describe('a control: without looking whether it was done before, and without a resolver', () => {
  it.each(PATTERNS)('$title goes wrong, and it is seen', async (pattern) => {
    const stage = await openStage(pattern, false);
    try {
      const { complaints } = await runCell(stage, pattern.control, CONTROL_MS_MAX, { asksAgain: false });
      expect(complaints).not.toEqual([]);
    } finally {
      await stage.close();
    }
  });
});

/** The databases and processes of a pattern. */
interface Stage {
  readonly pattern: Pattern;
  readonly payer: TestDatabase;
  readonly payee: TestDatabase;
  hostOf(role: Role): HostProcess;
  close(): Promise<void>;
}

async function openStage(pattern: Pattern, guarded: boolean): Promise<Stage> {
  const [payer, payee] = [await testDatabase(MIGRATIONS), await testDatabase(MIGRATIONS)];
  const payerPort = await freePortPair();
  const places: Places = { payerUrl: payer.url, payeeUrl: payee.url, payerPort, payeePort: payerPort + 1, guarded };
  const hosts = new Map<Role, HostProcess>();
  for (const role of pattern.roles) hosts.set(role, await startHost(role, places));
  return {
    pattern,
    payer,
    payee,
    hostOf(role) {
      const host = hosts.get(role);
      if (host === undefined) throw new Error(`${pattern.title} has no ${role}`);
      return host;
    },
    async close() {
      await Promise.all([...hosts.values()].map((host) => host.stop()));
      await Promise.all([payer.close(), payee.close()]);
    },
  };
}

/** Kills at a point, restarts, waits for the end and says what is wrong with it. Throws when the point is not reached. */
async function runCell(
  stage: Stage,
  { role, point, nth, refused }: Cell,
  waitMs: number,
  { asksAgain } = { asksAgain: true },
) {
  const leader = stage.hostOf(stage.pattern.leader);
  const victim = stage.hostOf(role);
  const transfer = newId(0);
  await victim.arm({ point, nth });
  // Whoever asked hears nothing when it dies of it, and asks again.
  const heard = leader.begin(transfer, refused).catch(() => undefined);
  await victim.died();
  await heard;
  await victim.restart();
  const standing = await endOf(leader, { transfer, refused, waitMs, asksAgain });
  return {
    end: standing.end,
    complaints: [...standing.complaints, ...(await complaintsOf(stage, transfer, standing.end))],
  };
}

interface Asked {
  readonly transfer: string;
  readonly refused: boolean;
  readonly waitMs: number;
  readonly asksAgain: boolean;
}

async function endOf(leader: HostProcess, { transfer, refused, waitMs, asksAgain }: Asked) {
  const untilMs = performance.now() + waitMs;
  let askAgainAtMs = 0;
  for (;;) {
    if (asksAgain && performance.now() >= askAgainAtMs) {
      await leader.begin(transfer, refused);
      askAgainAtMs = performance.now() + ASK_AGAIN_EVERY_MS;
    }
    const standing = await leader.standing(transfer);
    if (standing.end !== undefined) return standing;
    if (performance.now() > untilMs) return { end: undefined, complaints: ['it has not ended'] };
    await sleep(LOOK_EVERY_MS);
  }
}

async function complaintsOf(stage: Stage, transfer: string, end: 'done' | 'undone' | undefined): Promise<string[]> {
  const { payer, payee, pattern } = stage;
  const complaints = await complaintsAbout(payer.database, payee.database);
  if (end === undefined) return complaints;
  for (const [side, { database }] of Object.entries({ payer, payee })) {
    const lines = await linesOf(database, transfer);
    const wanted = pattern.lines[end][side as 'payer' | 'payee'];
    if (lines.join() !== wanted.join())
      complaints.push(`the ${side}'s books have ${lines.join()}, not ${wanted.join()}`);
    const prepared = await database.query(sql`select from pg_prepared_xacts where database = current_database()`);
    if (prepared.length > 0) complaints.push(`something is prepared at the ${side}'s side`);
  }
  return complaints;
}
