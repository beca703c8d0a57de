import { createLogger } from '@florin/observability';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { databaseReadiness } from './readiness.ts';

const HALF_MINUTE_MS = 30_000;
const SLACK_MS = 10_000;

let opened: TestDatabase;
beforeAll(async () => {
  opened = await testDatabase(new URL('../fixtures/migrations/', import.meta.url));
});
afterAll(() => opened.close());

/** Readiness on a clock that is off by so much, and what it said in the log. */
function readinessWith(off: { ms: number }, databases: readonly Database[] = [opened.database]) {
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const ready = databaseReadiness({ databases, clock: () => Date.now() + off.ms, logger });
  return { ready, said: () => lines.map((line) => JSON.parse(line).msg) };
}

it('is ready while its database answers and their clocks agree, and says nothing of it', async () => {
  const { ready, said } = readinessWith({ ms: 0 });
  expect([await ready(), await ready(), said()]).toEqual([true, true, []]);
});

it.each([HALF_MINUTE_MS + SLACK_MS, -HALF_MINUTE_MS - SLACK_MS, 3_600_000])(
  'is not ready while its clock is off by %i ms, and says so once',
  async (ms) => {
    const off = { ms };
    const { ready, said } = readinessWith(off);
    expect([await ready(), await ready()]).toEqual([false, false]);
    off.ms = 0;
    expect(await ready()).toBe(true);
    expect(said()).toEqual(['not ready: the clock of this machine is not that of its database', 'ready again']);
  },
);

it('is not ready while one of its databases is away', async () => {
  const url = new URL(opened.url);
  url.password = 'wrong';
  const locked = openDatabase({ url: url.href, applicationName: 'test', poolSize: 1 });
  const { ready, said } = readinessWith({ ms: 0 }, [opened.database, locked]);
  expect([await ready(), said()]).toEqual([false, ['not ready: the database does not answer']]);
  await locked.close();
});
