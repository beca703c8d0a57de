import { randomUUID } from 'node:crypto';
import { sql } from '@florin/postgres';
import { beforeAll, expect, it } from 'vitest';
import { type BankClient, signInDemos } from '../bank-client.ts';
import { inDatabase } from './in-database.ts';
import { followRunbook } from './runbook.ts';
import { type RunningStack, runningStack } from './running-stack.ts';

const TOPIC = 'transactions.transfer-completed.v1';
const SOON = { timeout: 30_000, interval: 300 };
const ROTATED_MS_MAX = 240_000;

let stack: RunningStack;
let clientOf: (login: string) => BankClient;

beforeAll(async () => {
  stack = await runningStack();
  clientOf = await signInDemos(stack.publicUrl, stack.home, ['sam', 'alice']);
}, 120_000);

it('dead letters are replayed: what was not mended stays, what was is handled', async () => {
  const key = randomUUID();
  await publish(unreadable(key));
  const list = async () => JSON.stringify((await clientOf('sam').get('/v1/dead-letters/notifications')).body);
  await expect.poll(list, SOON).toContain(key);

  expect(await followRunbook(stack, 'Replay dead letters')).toMatch(new RegExp(`${key}[^]*"stillParked":1`));
  await inDatabase(
    stack,
    'florin_notifications',
    sql`UPDATE dead_letter SET event = replace(event, '"plenty"', '"100"') WHERE key = ${key}`,
  );
  const said = await followRunbook(stack, 'Replay dead letters');
  expect(said).toContain('{"handled":1,"stillParked":0,"freed":1}');
  expect(await list()).not.toContain(key);
});

it(
  'keys are rotated while the bank works, and its processes start on the new ones',
  async () => {
    const said = await followRunbook(stack, 'Rotate keys');
    for (const service of ['users', 'notifications']) {
      const words = `${service}: development-(\\d+) locks (\\d+) of \\2 data keys; data key \\d+ seals, 0 values left`;
      const told = [...said.matchAll(new RegExp(words, 'g'))].map(([, kek]) => Number(kek));
      expect(told.length, said).toBeGreaterThan(1);
      expect(told.at(-1)).toBe((told[0] ?? 0) + 1);
      await stack.restart(service as 'users' | 'notifications');
    }
    clientOf = await signInDemos(stack.publicUrl, stack.home, ['alice']);
    expect((await clientOf('alice').get('/v1/me')).body).toMatchObject({ name: expect.any(String) });
    expect((await clientOf('alice').get('/v1/notifications')).status).toBe(200);
  },
  ROTATED_MS_MAX,
);

/** A transfer between two accounts that nobody has, whose amount can not be read until it is mended. */
function unreadable(key: string): object {
  const data = {
    transferId: key,
    fromAccountId: randomUUID(),
    toAccountId: randomUUID(),
    amountMinor: 'plenty',
    currency: 'EUR',
    reference: 'Lunch',
    completedAt: '2026-06-01T10:00:00.000Z',
  };
  const [time, datacontenttype] = [data.completedAt, 'application/json'];
  return { specversion: '1.0', id: key, source: 'test', type: TOPIC, subject: key, time, datacontenttype, data };
}

/** As the ledger would, with its own outbox. */
async function publish(event: object): Promise<void> {
  const events = JSON.stringify([event]);
  await inDatabase(stack, 'florin_transactions', sql`INSERT INTO outbox (events) VALUES (${events})`);
}
