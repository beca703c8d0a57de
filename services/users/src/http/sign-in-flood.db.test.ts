import { sql } from '@florin/postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser, PASSWORD } from '../../fixtures/loopback-users.ts';
import { type MailedUsers, mailedUsers } from '../../fixtures/mailed-users.fixture.ts';

const LIMITS = { namesOfOnePasswordMax: 5, failuresMax: 30 };
const SPRAYED = 'Autumn-in-Lisbon-2026';

let bank: MailedUsers;
beforeAll(async () => {
  bank = await mailedUsers({ floodLimits: LIMITS });
});
afterAll(() => bank.close());
beforeEach(async () => {
  const { database } = bank.database;
  await database.execute(sql`DELETE FROM wrong_password`);
  await database.execute(sql`DELETE FROM failed_sign_in_minute`);
  await database.execute(sql`DELETE FROM sign_in_flood`);
  await database.execute(sql`DELETE FROM sign_in_failure`);
});

const floods = async (): Promise<unknown[]> => {
  await bank.users.service.idle();
  return bank.users.published
    .filter(({ data }) => data['action'] === 'users.sign-in-flood')
    .map(({ data }) => data['reason']);
};

test('T23: one password against many names: strangers are turned away whether it is right, known browsers go on', async () => {
  const maria = await bank.person();
  await bank.users.service.idle();
  const home = openBrowser(bank.users.origin);
  await bank.signInWeb(maria.login, PASSWORD, home);
  // Her password is the one that is tried.
  for (let name = 0; name < LIMITS.namesOfOnePasswordMax; name += 1) {
    expect((await bank.type(`name${name}@example.com`, PASSWORD)).status).toBe(401);
  }
  const stranger = await bank.type(maria.login, PASSWORD);
  expect([stranger.status, stranger.body.code]).toEqual([429, 'sign-in-delayed']);
  expect(Number(stranger.headers.get('retry-after'))).toBe(600);
  expect((await bank.type('name9@example.com', PASSWORD)).status).toBe(429);
  expect((await bank.type(maria.login, PASSWORD, home)).status).toBe(200);
  // Nobody else is held up.
  const petra = await bank.person();
  await bank.call('PUT', '/v1/me/password', { presentPassword: PASSWORD, password: SPRAYED }, petra.token());
  expect((await bank.type(petra.login, SPRAYED)).status).toBe(200);
  expect((await floods()).filter((reason) => reason === 'one-password')).toHaveLength(1);
});

test('T23: one name that fails often with one password is no flood', async () => {
  for (let count = 0; count < 3; count += 1) await bank.type('forgetful@example.com', SPRAYED);
  const rows = await bank.database.database.query(sql`SELECT FROM wrong_password`);
  expect(rows).toHaveLength(1);
  expect((await bank.type('other@example.com', SPRAYED)).status).toBe(401);
});

test('T23: many failures over all names: strangers take turns, a known browser waits for nobody', async () => {
  const maria = await bank.person();
  const home = openBrowser(bank.users.origin);
  await bank.signInWeb(maria.login, PASSWORD, home);
  await bank.database.database.execute(sql`
    INSERT INTO failed_sign_in_minute (minute, failures) VALUES (date_trunc('minute', now()), ${LIMITS.failuresMax})`);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) => bank.type(`pair${at}@example.com`, `stolen pair ${at}`)),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(2);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(6);
  expect((await bank.type(maria.login, PASSWORD, home)).status).toBe(200);
  expect(await floods()).toContain('many-failures');
});

test('T23: what is kept of wrong passwords is a few bytes of a keyed hash, for minutes', async () => {
  await bank.type('somebody@example.com', SPRAYED);
  const [row] = await bank.database.database.query<{ bytes: number }>(sql`
    SELECT octet_length(password_hash)::int AS bytes FROM wrong_password`);
  expect(row?.bytes).toBe(4);
});

test('T21: the owner of a name is told once when it is guessed at, in the inbox and by mail', async () => {
  const maria = await bank.person();
  for (let count = 0; count < 7; count += 1) {
    await bank.type(maria.login, `guess number ${count}`);
    await bank.database.database.execute(sql`UPDATE sign_in_failure SET blocked_until = now()`);
  }
  await bank.mail(maria.login, /guesses your password/);
  expect((await bank.changesOf(maria.personId)).filter((change) => change === 'sign-in-guessed')).toHaveLength(1);
});
