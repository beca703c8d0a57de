import { randomUUID } from 'node:crypto';
import { eraseCustomerKey, openDataKeys } from '@florin/data-keys';
import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { localKeyManagement, withNewKey } from '@florin/security';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestNotifications, statusEvent, transferEvent } from './testing.fixture.ts';
import { sealOld } from './use-cases/seal-old.ts';

let bank: Awaited<ReturnType<typeof startTestNotifications>>;
beforeAll(async () => {
  bank = await startTestNotifications();
});
afterAll(() => bank.close());

async function customer() {
  const [owner, accountId] = [randomUUID(), newId(0)];
  await bank.broker.publish([statusEvent({ accountId, status: 'active', owners: [owner] })]);
  return { owner, accountId };
}

const db = () => bank.database.database;
const stored = () =>
  db().query<{ owner: string; clear: object | null; sealed: Buffer | null }>(sql`
    SELECT owner, parameters AS clear, parameters_sealed AS sealed FROM notice`);

it('T53: what a notice says, and what waits to be said, lies nowhere in the clear', async () => {
  const { owner, accountId } = await customer();
  const canary = `canary ${randomUUID()}`;
  await bank.broker.publish([transferEvent(newId(0), accountId, canary), transferEvent(accountId, newId(0), canary)]);
  expect((await bank.list(owner)).data[0]?.parameters).toMatchObject({ reference: canary });
  const rows = await db().query<{ text: string }>(sql`
    SELECT notice::text AS text FROM notice UNION ALL SELECT waiting_transfer::text FROM waiting_transfer`);
  expect(rows.length).toBeGreaterThan(2);
  for (const { text } of rows) {
    expect(text).not.toContain(canary);
    expect(text).not.toContain(Buffer.from(canary).toString('hex'));
  }
});

it('T53: a notice of somebody else does not open as one’s own', async () => {
  const [ann, ben] = [await customer(), await customer()];
  await db().execute(sql`
    UPDATE notice SET parameters_sealed = (SELECT parameters_sealed FROM notice WHERE owner = ${ben.owner})
     WHERE owner = ${ann.owner}`);
  expect((await bank.call(ann.owner, 'GET', '/v1/notifications')).status).toBe(500);
  expect((await bank.list(ben.owner)).data).toHaveLength(1);
});

it('what was written before there were keys is read, and sealed once, however many instances are at it', async () => {
  const { owner, accountId } = await customer();
  await db().execute(sql`
    INSERT INTO notice (id, owner, kind, parameters, event_id, created_at)
    SELECT gen_random_uuid(), ${owner}, 'account-frozen', ${JSON.stringify({ accountId })}::jsonb, n::text, now()
      FROM generate_series(1, 450) AS n`);
  expect((await bank.list(owner)).data).toHaveLength(25);
  const deps = { db: db(), keys: await bank.openKeys() };
  const counts = await Promise.all([sealOld(deps), sealOld(deps), sealOld(deps)]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(450);
  expect((await stored()).filter(({ clear }) => clear !== null)).toEqual([]);
  const { data } = await bank.list(owner);
  expect(data.map(({ parameters }) => parameters['accountId'])).toEqual(data.map(() => accountId));
  expect(await sealOld(deps)).toBe(0);
});

it('whoever was erased is told nothing more', async () => {
  const { owner, accountId } = await customer();
  await db().transaction(async (tx) => {
    await tx.execute(sql`DELETE FROM notice WHERE owner = ${owner}`);
    await eraseCustomerKey(tx, owner);
  });
  await bank.broker.publish([transferEvent(newId(0), accountId)]);
  expect((await stored()).filter((row) => row.owner === owner)).toEqual([]);
});

it('does not start with the keys of somebody else', async () => {
  const strangers = withNewKey(undefined, 'kek-1');
  const management = localKeyManagement(() => strangers);
  await expect(openDataKeys({ service: 'notifications', database: db(), management })).rejects.toMatchObject({
    code: 'key-wrong',
  });
});
