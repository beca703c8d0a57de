import { randomUUID } from 'node:crypto';
import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import type { Principal } from '@florin/security';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countAccountsLocked, insertAccount } from '../repositories/accounts.ts';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());

const USERS: Principal = { subject: 'service:users', kind: 'service', roles: [] };
const erase = ({ subject }: Principal, by = USERS) => bank.call(by, 'POST', `/internal/owners/${subject}/erasure`);
const count = async ({ subject }: Principal) =>
  (await bank.call(USERS, 'GET', `/internal/owners/${subject}/open-accounts`)).body['openAccounts'];
const close = (who: Principal, id: string) => bank.call(who, 'POST', `/v1/accounts/${id}/close`);
const open = (who: Principal) =>
  bank.call(who, 'POST', '/v1/accounts', {
    body: { productCode: 'current-eur', name: 'Canary savings' },
    headers: { 'idempotency-key': randomUUID() },
  });

/** Whatever this database says with a text in it, by its tables. */
async function tablesWith(text: string): Promise<string[]> {
  const db = bank.opened.database;
  const tables = await db.query<{ name: string }>(sql`
    SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db.query({
      text: `SELECT FROM "${name}" t WHERE strpos(t::text, $1) > 0 LIMIT 1`,
      values: [text],
    });
    if (rows.length > 0) found.push(name);
  }
  return found;
}

it('takes the name off closed accounts, opens no other, and says the same when asked again', async () => {
  const alice = { ...person('customer'), name: `Canary ${randomUUID()}` };
  const { id, iban } = (await open(alice)).body as { id: string; iban: string };
  expect(await count(alice)).toBe(1);
  expect((await erase(alice)).body).toMatchObject({ status: 409, code: 'accounts-open' });
  expect((await tablesWith(alice.name)).sort()).toEqual(['account']);
  expect((await close(alice, id)).status).toBe(200);
  expect(await count(alice)).toBe(0);
  for (let time = 0; time < 2; time += 1) expect((await erase(alice)).status).toBe(204);
  expect(await tablesWith(alice.name)).toEqual([]);
  expect(await tablesWith('Canary savings')).toEqual([]);
  const seen = await bank.call(person('teller'), 'GET', `/v1/account-lookup?iban=${iban}`);
  expect(seen.body).toMatchObject({ holderName: 'Erased customer', name: 'Current account', status: 'closed' });
  expect((await open(alice)).body).toMatchObject({ status: 409, code: 'owner-erased' });
});

it('erases who never had an account, and opens none for them', async () => {
  const alice = person('customer');
  expect((await erase(alice)).status).toBe(204);
  expect((await open(alice)).body).toMatchObject({ code: 'owner-erased' });
});

it('refuses while an account is being opened', async () => {
  const alice = person('customer');
  bank.ledger.mode = 'away';
  expect((await open(alice)).status).toBe(503);
  bank.ledger.mode = 'well';
  expect((await erase(alice)).body).toMatchObject({ code: 'accounts-open' });
});

it('is for services only', async () => {
  const alice = person('customer');
  for (const who of [alice, person('admin')]) expect((await erase(alice, who)).status).toBe(403);
});

it('of opening and erasing at the same moment one is refused', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, async () => {
      const alice = person('customer');
      const [opened, erased] = await Promise.all([open(alice), erase(alice)]);
      return `${opened.status} ${erased.status}`;
    }),
  );
  expect(outcomes.filter((one) => one !== '201 409' && one !== '409 204')).toEqual([]);
});

it('waits for an opening that is under way, and then refuses', async () => {
  const { subject } = person('customer');
  const db = bank.opened.database;
  let erasing: ReturnType<typeof erase> | undefined;
  await db.transaction(async (tx) => {
    await countAccountsLocked(tx, subject);
    erasing = erase({ ...USERS, subject });
    const waiting = () => db.query(sql`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`);
    await expect.poll(async () => (await waiting()).length, { timeout: 10_000 }).toBe(1);
    await insertAccount(tx, {
      ...{ id: newId(0), iban: `NL${subject.slice(0, 8)}`, name: 'Late', productCode: 'current-eur', currency: 'EUR' },
      ...{ holderName: 'Late', status: 'active', owners: [subject], overdraftMinor: 0n, dailyLimitMinor: 0n },
      ...{ transferFeeMinor: 0n, controlVersion: 1, openedAtMs: 0 },
    });
  });
  expect((await erasing)?.body).toMatchObject({ status: 409, code: 'accounts-open' });
});
