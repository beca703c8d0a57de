import { openDatabase, sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, signUpPerson } from '../../fixtures/loopback-users.ts';
import { type MailedUsers, mailedUsers } from '../../fixtures/mailed-users.fixture.ts';
import { openedVault } from '../../fixtures/opened-vault.ts';
import { insertPasskey } from '../repositories/passkeys.ts';
import { setLogin } from '../repositories/people.ts';
import { beginTotp } from '../repositories/totp-factors.ts';

let bank: MailedUsers;
let maker: string;
let checker: string;
beforeAll(async () => {
  bank = await mailedUsers();
  [maker, checker] = [await admin('maker'), await admin('checker')];
});
afterAll(() => bank.close());

const db = () => bank.database.database;
const CHORE = { timeout: 25_000, interval: 200 };

async function admin(name: string): Promise<string> {
  const id = await signUpPerson(bank.users.origin, `${name}@example.com`);
  await bank.call('PUT', `/internal/users/${id}/roles`, { roles: ['admin'] }, 'service');
  return `person:${id}:admin`;
}

const ask = (id: string, by = maker, body: unknown = { reason: 'They left us' }) =>
  bank.call('POST', `/v1/users/${id}/erasure`, body, by);
const decide = (approval: string, by = checker, decision = 'approve') =>
  bank.call('POST', `/v1/approvals/users/${approval}/${decision}`, undefined, by);
const statusOf = async (approval: string) =>
  (await bank.call('GET', `/v1/approvals/users/${approval}`, undefined, maker)).body.status;

async function erase(id: string): Promise<void> {
  const asked = await ask(id);
  expect([asked.status, asked.body.status]).toEqual([202, 'pending']);
  expect((await decide(asked.body.id)).body).toMatchObject({ status: 'done', failure: null });
}

/** Every row of every table, as text. */
async function everything(): Promise<string> {
  const tables = await db().query<{ name: string }>(sql`
    SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`);
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await db().query<{ text: string }>({ text: `SELECT t::text AS text FROM "${name}" t`, values: [] });
    texts.push(...rows.map(({ text }) => `${name} ${text}`));
  }
  return texts.join('\n');
}

/** Those that keep who did what, or what is under way, by ids. */
const KEEPING_IDS = new Set([
  'person',
  'customer_key',
  'approval',
  'choreography',
  'choreography_event',
  'revocation',
  'outbox',
  'inbox',
]);

function tablesNaming(texts: string, id: string): string[] {
  const lines = texts.split('\n').filter((line) => line.includes(id));
  return lines.map((line) => line.split(' ')[0] ?? '').filter((table) => !KEEPING_IDS.has(table));
}

/** Nobody of the staff finds them, and nothing is done to them any more. */
async function expectNobody(id: string, login: string): Promise<void> {
  const teller = `person:${newId(0)}:teller`;
  expect((await bank.call('GET', `/v1/customers/${id}`, undefined, teller)).status).toBe(404);
  const found = await bank.call('GET', `/v1/customers?q=${encodeURIComponent(login)}`, undefined, teller);
  expect(found.body.data).toEqual([]);
  expect((await bank.call('GET', `/internal/users/${id}/holder`, undefined, 'service')).status).toBe(404);
  for (const what of ['enable', 'disable']) {
    expect((await bank.call('POST', `/v1/users/${id}/${what}`, undefined, maker)).status).toBe(404);
  }
  expect((await bank.call('POST', `/v1/users/${id}/roles`, { role: 'teller' }, maker)).status).toBe(404);
  expect((await bank.call('PUT', `/internal/users/${id}/login`, { login: 'again' }, 'service')).status).toBe(404);
  expect((await ask(id)).body.code).toBe('user-not-found');
}

test('somebody who is erased is nobody: no row of theirs, no way in, and their address is free', async () => {
  const { personId: id, login, token } = await bank.person();
  const vault = await openedVault(db());
  await setLogin(db(), vault, id, 'erasable');
  const passkey = { passkeyId: id, personId: id, credentialId: Buffer.of(1), publicKey: Buffer.of(2), counter: 0 };
  const { cookie } = await bank.signInWeb(login);
  await beginTotp(db(), vault, { personId: id, enrolmentId: id, secret: 'JBSWY3DPEHPK3PXP' });
  await insertPasskey(db(), vault, { ...passkey, transports: [], name: 'Phone' });
  const link = await bank.resetToken(login);
  const indexes = ['email', 'login'].map((field, at) => vault.index(field, at === 0 ? login : 'erasable'));
  for (const index of indexes) expect(await everything()).toContain(index.toString('hex'));

  await erase(id);

  expect(bank.users.accounts.erased).toContain(id);
  const [row] = await db().query<{ texts: string; key: Buffer | null }>(sql`
    SELECT p::text AS texts, (SELECT key_sealed FROM customer_key WHERE customer_id = p.id::text) AS key
      FROM person p WHERE id = ${id}`);
  expect([row?.texts, row?.key]).toEqual([expect.stringContaining(',erased,'), null]);
  const left = await everything();
  for (const index of indexes) expect(left).not.toContain(index.toString('hex'));
  expect(tablesNaming(left, id)).toEqual([]);

  expect((await bank.resolve(cookie)).status).toBe(404);
  expect((await bank.type(login)).status).toBe(401);
  expect((await bank.type('erasable')).status).toBe(401);
  expect((await bank.call('GET', '/v1/me', undefined, token())).status).toBe(401);
  expect((await bank.call('PATCH', '/v1/me', { name: 'Late Name' }, token())).status).toBe(401);
  const reset = await bank.call('POST', '/v1/password-resets/complete', { token: link, password: `${PASSWORD} new` });
  expect(reset.body.code).toBe('link-not-good');
  await expectNobody(id, login);

  await bank.users.service.idle();
  const told = bank.users.published.filter(
    ({ type, data }) => type === 'users.person-erased.v1' && data['userId'] === id,
  );
  expect(told).toHaveLength(1);
  const [, makerId] = maker.split(':');
  expect(bank.users.published.map(({ data }) => [data['action'], data['actor'], data['resource']])).toContainEqual([
    'users.erase',
    makerId,
    id,
  ]);
  const anew = await signUpPerson(bank.users.origin, login, 'Somebody Else');
  expect(anew).not.toBe(id);
  expect((await bank.call('PUT', `/internal/users/${anew}/login`, { login: 'erasable' }, 'service')).status).toBe(204);
});

test('one admin alone erases nobody; others, themselves, staff and strangers are refused', async () => {
  const { personId: id } = await bank.person();
  for (const role of ['customer', 'teller', 'supervisor', 'auditor']) {
    expect((await ask(id, `person:${newId(0)}:${role}`)).status).toBe(403);
  }
  expect((await ask(id, maker, {})).status).toBe(400);
  expect((await ask(newId(0))).body.code).toBe('user-not-found');
  expect((await ask(maker.split(':')[1] ?? '')).body.code).toBe('own-access');
  expect((await ask(checker.split(':')[1] ?? '')).body.code).toBe('person-is-staff');
  const asked = await ask(id);
  expect((await decide(asked.body.id, maker)).body.code).toBe('second-person-required');
  expect((await ask(id, checker)).body.code).toBe('approval-pending');
  const role = await bank.call('POST', `/v1/users/${id}/roles`, { role: 'teller' }, maker);
  expect(role.body.code).toBe('approval-pending');
  expect((await bank.call('GET', `/internal/users/${id}/holder`, undefined, 'service')).status).toBe(200);
  const rejection = { reason: 'They stay' };
  const path = `/v1/approvals/users/${asked.body.id}/reject`;
  expect((await bank.call('POST', path, rejection, checker)).body.status).toBe('rejected');
  expect(bank.users.accounts.erased).not.toContain(id);
});

test('open accounts are asked about twice: when it is asked for, and when it is done', async () => {
  const { personId: id } = await bank.person();
  bank.users.accounts.open.set(id, 1);
  expect((await ask(id)).body).toMatchObject({ status: 409, code: 'accounts-open' });
  bank.users.accounts.open.delete(id);
  const asked = await ask(id);
  bank.users.accounts.open.set(id, 2);
  const decided = await decide(asked.body.id);
  expect(decided.body).toMatchObject({ status: 'failed', failure: { code: 'accounts-open' } });
  expect((await bank.call('GET', `/internal/users/${id}/holder`, undefined, 'service')).status).toBe(200);
  bank.users.accounts.open.delete(id);
  await erase(id);
});

test('what fails between the accounts and the person is done when it can be, once', async () => {
  const { personId: id } = await bank.person();
  const asked = await ask(id);
  const owner = openDatabase({ url: bank.database.ownerUrl, applicationName: 'test-owner' });
  await owner.execute(sql`ALTER TABLE person ADD CONSTRAINT broken CHECK (status <> 'erased') NOT VALID`);
  expect((await decide(asked.body.id)).status).toBe(500);
  expect(bank.users.accounts.erased).toContain(id);
  expect(await statusOf(asked.body.id)).toBe('approved');
  expect((await bank.call('GET', `/internal/users/${id}/holder`, undefined, 'service')).status).toBe(200);
  await owner.execute(sql`ALTER TABLE person DROP CONSTRAINT broken`);
  await owner.close();
  await expect.poll(() => statusOf(asked.body.id), CHORE).toBe('done');
  expect((await bank.call('GET', `/internal/users/${id}/holder`, undefined, 'service')).status).toBe(404);
  await bank.users.service.idle();
  const told = bank.users.published.filter(
    ({ type, data }) => type === 'users.person-erased.v1' && data['userId'] === id,
  );
  expect(told).toHaveLength(1);
}, 40_000);

test('the database brings nobody back, and keeps nothing of who was erased', async () => {
  const { personId: id } = await bank.person();
  await erase(id);
  const revived = db().execute(sql`UPDATE person SET status = 'active' WHERE id = ${id}`);
  await expect(revived).rejects.toMatchObject({ constraint: 'person_stays_erased' });
  const named = db().execute(sql`UPDATE person SET name_sealed = 'x' WHERE id = ${id}`);
  await expect(named).rejects.toMatchObject({ constraint: 'person_erased' });
});
