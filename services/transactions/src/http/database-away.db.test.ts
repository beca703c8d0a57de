import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EmbeddedPostgres,
  ensureServiceDatabase,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
  withClient,
} from '@florin/postgres';
import { newId } from '@florin/primitives';
import { mountSmallDisk, type SmallDisk } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, startTestService, type TestService } from '../testing/test-service.ts';

/** What a caller may wait for the answer that the database is away, and what a busy machine may add. */
const ANSWER_MS = 2_000;
const SLACK_MS = 1_500;
const CLIENTS = 24;
const DISK_BYTES = 512 * 1024 ** 2;

let folder: string;
let dataFolder: string;
/** Where loop devices can be had. */
let disk: SmallDisk | undefined;
let server: EmbeddedPostgres;
let bank: TestService;
let from: string;
let to: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'florin-away-'));
  chmodSync(folder, 0o711);
  disk = mountSmallDisk(join(folder, 'disk'), DISK_BYTES);
  dataFolder = join(folder, 'disk', 'data');
  server = await startEmbeddedPostgres({ dataFolder, fast: true });
  const passwords = { ownerPassword: 'owner', runtimePassword: 'runtime' };
  const { ownerUrl, runtimeUrl } = await ensureServiceDatabase(server.url, { name: 'transactions', ...passwords });
  bank = await startTestService({ ownerUrl, url: runtimeUrl });
  from = await bank.open('alice', '10000.00');
  to = await bank.open('alice');
});
afterAll(async () => {
  await bank.close();
  await server.stop();
  await removeEmbeddedPostgres(dataFolder);
  disk?.unmount();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  readonly answer: Answer;
  readonly tookMs: number;
}

/** Clients that send a cent each, one after the other, under keys of their own, until they are told to stop. */
function startLoad() {
  const asked = new Map<string, Asked>();
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!isOver) {
      const key = newId(0);
      const startedAt = performance.now();
      const answer = await bank.transfer('alice', from, to, '0.01', { key });
      asked.set(key, { answer, tookMs: performance.now() - startedAt });
    }
  });
  return {
    asked,
    countOf: (status: number) => [...asked.values()].filter(({ answer }) => answer.status === status).length,
    async stop() {
      isOver = true;
      await Promise.all(clients);
    },
  };
}

async function bringBack(): Promise<void> {
  // Clears what is left of it, and frees the folder.
  await server.stop();
  server = await startEmbeddedPostgres({ dataFolder, port: server.port, fast: true });
}

async function centsOf(id: string): Promise<bigint> {
  const { body } = await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null });
  return BigInt(String(body['postedMinor']));
}

async function askServer(text: string): Promise<void> {
  await withClient(server.url, (client) => client.query(text));
}

interface BadDay {
  begin(): Promise<void>;
  /** Goes on while it lasts. */
  worsen?(): Promise<void>;
  end(): Promise<void>;
}

const BAD_DAYS: Readonly<Record<string, BadDay>> = {
  'is stopped': { begin: () => server.stop(), end: bringBack },
  'is killed': { begin: async () => void process.kill(server.pid, 'SIGKILL'), end: bringBack },
  'takes another password': {
    async begin() {
      await askServer("ALTER ROLE florin_transactions PASSWORD 'another'");
      await askServer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'florin_transactions'");
    },
    end: () => askServer("ALTER ROLE florin_transactions PASSWORD 'runtime'"),
  },
};

/** PostgreSQL ends itself when it can not write its log. */
const FULL_DISK: BadDay = {
  begin: async () => disk?.fill(),
  worsen: () => askServer('SELECT pg_switch_wal()').catch(() => {}),
  async end() {
    disk?.empty();
    await bringBack();
  },
};

it.each(Object.entries(BAD_DAYS))(
  'a database that %s in the middle of load: 503 soon, recovery by itself, nothing lost or doubled',
  (_, day) => live(day),
);

it('a database without room on its disk in the middle of load: the same, where a test can have a disk of its own', async ({
  skip,
}) => {
  if (disk === undefined) return skip('nobody may mount a loop device here');
  await live(FULL_DISK);
});

async function live(day: BadDay): Promise<void> {
  const before = await centsOf(to);
  const load = startLoad();
  await expect.poll(() => load.countOf(201), { timeout: 20_000 }).toBeGreaterThan(200);
  await day.begin();
  const refused = async () => {
    await day.worsen?.();
    return load.countOf(503);
  };
  await expect.poll(refused, { timeout: 20_000 }).toBeGreaterThan(CLIENTS);
  expect(await bank.service.ready()).toBe(false);
  const booked = load.countOf(201);
  await day.end();
  await expect.poll(() => load.countOf(201), { timeout: 20_000 }).toBeGreaterThan(booked + 200);
  await load.stop();
  expect(await bank.service.ready()).toBe(true);

  for (const { answer, tookMs } of load.asked.values()) {
    expect([201, 503]).toContain(answer.status);
    if (answer.status !== 503) continue;
    expect(answer.body.code).toBe('service-unavailable');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(tookMs).toBeLessThan(ANSWER_MS + SLACK_MS);
  }
  // Whatever was not acknowledged may or may not have happened; the same key settles it. What was, is answered again.
  for (const [key, { answer }] of load.asked) {
    const again = await bank.transfer('alice', from, to, '0.01', { key });
    expect(again.status).toBe(201);
    if (answer.status === 201) expect(again.text).toBe(answer.text);
  }
  expect((await centsOf(to)) - before).toBe(BigInt(load.asked.size));
  const proof = await bank.call('sam', 'POST', '/v1/ledger/reconciliations', { body: { mode: 'full' }, key: null });
  expect(proof.body['findings']).toEqual([]);
}
