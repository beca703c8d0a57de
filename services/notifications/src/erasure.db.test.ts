import { randomUUID } from 'node:crypto';
import { personErased } from '@florin/contracts';
import type { CloudEvent } from '@florin/messaging';
import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { orderEvent, startTestNotifications, statusEvent, transferEvent } from './testing.fixture.ts';

let bank: Awaited<ReturnType<typeof startTestNotifications>>;
beforeAll(async () => {
  bank = await startTestNotifications();
});
afterAll(() => bank.close());

const AT = '2026-06-01T10:00:00.000Z';
const erased = (owner: string): CloudEvent => ({
  specversion: '1.0',
  id: `${owner}:erased`,
  source: 'users',
  type: personErased.topic,
  subject: owner,
  time: AT,
  datacontenttype: 'application/json',
  data: { userId: owner, erasedAt: AT },
});

async function noticesOf(owner: string): Promise<number> {
  const rows = await bank.database.database.query(sql`SELECT FROM notice WHERE owner = ${owner}`);
  return rows.length;
}

it('forgets what somebody was told, and nothing that comes late or again brings it back', async () => {
  const [owner, other, accountId] = [randomUUID(), randomUUID(), newId(0)];
  const theirs = statusEvent({ accountId, status: 'active', owners: [owner] });
  await bank.broker.publish([theirs, statusEvent({ accountId: newId(0), status: 'active', owners: [other] })]);
  await bank.broker.publish([transferEvent(newId(0), accountId), orderEvent(owner, 'failed')]);
  expect(await noticesOf(owner)).toBe(3);
  await bank.broker.publish([erased(owner)]);
  expect(await noticesOf(owner)).toBe(0);
  expect(await bank.list(owner)).toMatchObject({ data: [], unreadCount: 0 });
  await bank.broker.publish([theirs, erased(owner), transferEvent(newId(0), accountId), orderEvent(owner, 'failed')]);
  await bank.broker.publish([statusEvent({ accountId, status: 'closed', owners: [owner] }, 2)]);
  expect(await noticesOf(owner)).toBe(0);
  expect((await bank.list(other)).data).toHaveLength(1);
});

it('erases somebody it never heard of, who is then told nothing', async () => {
  const owner = randomUUID();
  await bank.broker.publish([erased(owner)]);
  await bank.broker.publish([statusEvent({ accountId: newId(0), status: 'active', owners: [owner] })]);
  expect(await noticesOf(owner)).toBe(0);
});

it('a notice that was just being written then shows nowhere', async () => {
  const [owner, accountId] = [randomUUID(), newId(0)];
  await bank.broker.publish([statusEvent({ accountId, status: 'active', owners: [owner] })]);
  await bank.database.database.execute(
    sql`UPDATE customer_key SET key_sealed = NULL, erased_at = now() WHERE customer_id = ${owner}`,
  );
  expect((await bank.list(owner)).data).toEqual([]);
});
