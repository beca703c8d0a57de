import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EmbeddedPostgres,
  ensureServiceDatabase,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, startTestService, type TestService } from '../testing/test-service.ts';

/** What a caller may wait for the answer that the database is away, and what a busy machine may add. */
const ANSWER_MS = 2_000;
const SLACK_MS = 1_500;
const CLIENTS = 24;

let folder: string;
let server: EmbeddedPostgres;
let bank: TestService;
let from: string;
let to: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'florin-away-'));
  chmodSync(folder, 0o711);
  server = await startEmbeddedPostgres({ dataFolder: folder, fast: true });
  const passwords = { ownerPassword: 'owner', runtimePassword: 'runtime' };
  const { ownerUrl, runtimeUrl } = await ensureServiceDatabase(server.url, { name: 'transactions', ...passwords });
  bank = await startTestService({ ownerUrl, url: runtimeUrl });
  from = await bank.open('alice', '10000.00');
  to = await bank.open('alice');
});
afterAll(async () => {
  await bank.close();
  await server.stop();
  await removeEmbeddedPostgres(folder);
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
  server = await startEmbeddedPostgres({ dataFolder: folder, port: server.port, fast: true });
}

async function centsOf(id: string): Promise<bigint> {
  const { body } = await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null });
  return BigInt(String(body['postedMinor']));
}

it.each([
  ['stopped', () => server.stop()],
  ['killed', async () => void process.kill(server.pid, 'SIGKILL')],
])(
  'a database that is %s in the middle of load: 503 soon, recovery by itself, nothing lost or doubled',
  async (_, end) => {
    const before = await centsOf(to);
    const load = startLoad();
    await expect.poll(() => load.countOf(201), { timeout: 20_000 }).toBeGreaterThan(200);
    await end();
    await expect.poll(() => load.countOf(503), { timeout: 20_000 }).toBeGreaterThan(CLIENTS);
    expect(await bank.service.ready()).toBe(false);
    const booked = load.countOf(201);
    await bringBack();
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
  },
);
