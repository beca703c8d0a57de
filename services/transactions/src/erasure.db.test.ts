import { personErased } from '@florin/contracts';
import type { CloudEvent } from '@florin/messaging';
import { sql } from '@florin/postgres';
import { systemClock } from '@florin/primitives';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestService } from './testing/test-service.ts';

let bank: Awaited<ReturnType<typeof startTestService>>;
beforeAll(async () => {
  bank = await startTestService();
});
afterAll(() => bank.close());

const HALF_A_YEAR_MS = 180 * 24 * 60 * 60 * 1_000;
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

const db = () => {
  if (bank.own === null) throw new Error('the service has a database of its own');
  return bank.own.database;
};
const proof = async () =>
  (await bank.call('sam', 'POST', '/v1/ledger/reconciliations', { body: { mode: 'full' } })).body;
const trialBalance = async () => (await bank.call('sam', 'GET', '/v1/ledger/trial-balance')).body;

it('forgets whom somebody paid and their orders; the books and what others read stay', async () => {
  const [alices, bobs] = [await bank.open('alice', '50.00', { holderName: 'Canary Adams' }), await bank.open('bob')];
  const [to] = await db().query<{ iban: string }>(sql`SELECT iban FROM account WHERE id = ${bobs}`);
  const payee = { name: 'Canary Payee', iban: to?.iban };
  expect((await bank.call('alice', 'POST', '/v1/payees', { body: payee })).status).toBe(201);
  const order = {
    fromAccountId: alices,
    toIban: to?.iban,
    payeeName: 'Canary Payee',
    amount: { amount: '1.00', currency: 'EUR' },
    reference: 'Canary order',
    frequency: 'monthly',
    startDate: new Date(systemClock() + HALF_A_YEAR_MS).toISOString().slice(0, 10),
  };
  const ordered = await bank.call('alice', 'POST', '/v1/standing-orders', { body: order });
  expect([ordered.status, ordered.text]).toEqual([201, expect.anything()]);
  expect((await bank.transfer('alice', alices, bobs, '50.00', { fields: { reference: 'For the books' } })).status).toBe(
    201,
  );
  expect((await bank.control(alices, 'alice', 2, { holderName: 'Canary Adams', status: 'closed' })).status).toBe(200);
  const before = await trialBalance();

  for (let time = 0; time < 2; time += 1) await bank.broker.publish([{ ...erased('alice'), id: `alice:${time}` }]);

  const tables = await db().query<{ name: string }>(sql`
    SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`);
  const texts: string[] = [];
  for (const { name } of tables.filter((table) => !['outbox', 'command'].includes(table.name))) {
    const rows = await db().query<{ text: string }>({ text: `SELECT t::text AS text FROM "${name}" t`, values: [] });
    texts.push(...rows.map(({ text }) => `${name} ${text}`));
  }
  expect(texts.filter((text) => text.includes('Canary'))).toEqual([]);
  const [left] = await db().query(sql`
    SELECT status, next_date, amount FROM standing_order WHERE owner = 'alice'`);
  expect(left).toEqual({ status: 'cancelled', next_date: null, amount: 100n });
  const postings = await bank.call('accounts', 'GET', `/internal/accounts/${bobs}/postings?afterVersion=0`, {
    key: null,
  });
  expect(postings.text).toContain('For the books');
  expect(postings.text).toContain('Erased customer');
  expect(await trialBalance()).toEqual(before);
  expect(await proof()).toMatchObject({ balanced: true, findings: [] });
});

it('leaves accounts alone that are not closed, and whatever is others’', async () => {
  const [bobs] = [await bank.open('bob', '1.00', { holderName: 'Bob Brown' })];
  await bank.broker.publish([erased('bob')]);
  const [row] = await db().query(sql`SELECT holder_name FROM account WHERE id = ${bobs}`);
  expect(row).toEqual({ holder_name: 'Bob Brown' });
});

it('the database lets nobody reword an order, only empty one that is over', async () => {
  await expect(db().execute(sql`UPDATE standing_order SET reference = 'forged'`)).rejects.toMatchObject({
    code: '42501',
  });
});
