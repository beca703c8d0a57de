import { sql } from '@florin/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../../fixtures/loopback-users.ts';
import { type MailedUsers, mailedUsers } from '../../fixtures/mailed-users.fixture.ts';

const NEW = 'velvet orchid thistle kettle';
const OTHER = 'a.new.address@example.com';

let bank: MailedUsers;
beforeAll(async () => {
  bank = await mailedUsers();
});
afterAll(() => bank.close());

const changeTo = (token: string, password: string, presentPassword?: string) =>
  bank.call(
    'PUT',
    '/v1/me/password',
    { password, ...(presentPassword === undefined ? {} : { presentPassword }) },
    token,
  );

test('a password is changed with the present one: this sign-in stays, the others end, the owner is told', async () => {
  const maria = await bank.person();
  const here = await bank.signInWeb(maria.login);
  const there = await bank.signInWeb(maria.login);
  expect((await changeTo(maria.token(here.sessionId), NEW, PASSWORD)).status).toBe(204);
  expect((await bank.resolve(here.cookie)).status).toBe(200);
  expect((await bank.resolve(there.cookie)).status).toBe(404);
  expect((await bank.type(maria.login)).status).toBe(401);
  expect((await bank.type(maria.login, NEW)).status).toBe(200);
  await bank.mail(maria.login, /password was changed/);
  expect(await bank.changesOf(maria.personId)).toContain('password-changed');
  const revoked = bank.users.published.filter(({ type }) => type === 'users.sessions-revoked.v1');
  expect(revoked.map(({ data }) => data['sessionId'])).toContain(there.sessionId);
  expect(revoked.map(({ data }) => data['sessionId'])).not.toContain(here.sessionId);
});

test('a wrong present password changes nothing, waits as a sign-in does, and is on record', async () => {
  const maria = await bank.person();
  const guesses = [];
  for (let count = 0; count < 5; count += 1) guesses.push(await changeTo(maria.token(), NEW, `wrong ${count}`));
  expect(guesses.map(({ body }) => body.code)).toEqual([
    ...Array.from({ length: 4 }, () => 'wrong-password'),
    'sign-in-delayed',
  ]);
  expect((await bank.type(maria.login)).status).toBe(200);
  await bank.users.service.idle();
  const refused = bank.users.published.filter(({ data }) => data['action'] === 'users.password-change');
  expect(refused.map(({ data }) => data['outcome'])).toContain('refused');
});

test('without the present password a fresh sign-in is not enough, unless it had a second factor', async () => {
  const maria = await bank.person();
  expect((await changeTo(maria.token('none', 'password'), NEW)).body.code).toBe('fresh-sign-in-needed');
  await bank.database.database.execute(sql`
    INSERT INTO totp_factor (person_id, secret_sealed, enrolment_id, confirmed_at)
    VALUES (${maria.personId}, '\\x00', gen_random_uuid(), now())`);
  expect((await changeTo(maria.token('none', 'mfa', 600), NEW)).body.code).toBe('fresh-sign-in-needed');
  expect((await changeTo(maria.token('none', 'mfa'), NEW)).status).toBe(204);
});

test('a new password is held against what is known and who it is for', async () => {
  const maria = await bank.person();
  for (const weak of ['sunshine2026!!', `${maria.login.split('@')[0]}12345`, 'short']) {
    expect((await changeTo(maria.token(), weak, PASSWORD)).body.code).toBe('password-too-weak');
  }
});

test('a new address is confirmed there before it is one, and the old one is told at once', async () => {
  const maria = await bank.person();
  const link = await bank.resetToken(maria.login);
  expect((await bank.call('PUT', '/v1/me/email', { email: OTHER }, maria.token())).status).toBe(202);
  await bank.mail(maria.login, /about to be changed/);
  const { token } = await bank.mail(OTHER, /new address/);
  expect((await bank.type(OTHER)).status).toBe(401);
  expect((await bank.call('POST', '/v1/email-confirmations', { token })).status).toBe(204);
  expect((await bank.type(OTHER)).status).toBe(200);
  expect((await bank.type(maria.login)).status).toBe(401);
  await bank.mail(maria.login, /address was changed/);
  // What was sent to the old address opens nothing any more.
  const reset = await bank.call('POST', '/v1/password-resets/complete', { token: link, password: NEW });
  expect(reset.body.code).toBe('link-not-good');
  expect((await bank.call('POST', '/v1/email-confirmations', { token })).status).toBe(410);
  expect((await bank.call('GET', '/v1/me', undefined, maria.token())).body).toMatchObject({
    email: OTHER,
    emailConfirmed: true,
  });
});

test('a change of address needs a fresh sign-in', async () => {
  const maria = await bank.person();
  const asked = await bank.call(
    'PUT',
    '/v1/me/email',
    { email: 'x@example.com' },
    maria.token('none', 'password', 600),
  );
  expect([asked.status, asked.body.code]).toEqual([401, 'fresh-sign-in-needed']);
});

test('an address somebody has is not taken from them, and they are told rather than who asked', async () => {
  const [maria, petra] = [await bank.person(), await bank.person()];
  const asked = await bank.call('PUT', '/v1/me/email', { email: petra.login }, maria.token());
  expect([asked.status, asked.text]).toEqual([202, '']);
  expect((await bank.mail(petra.login, /wanted to use your address/)).token).toBeUndefined();
});

test('an address that somebody signs up with before it is confirmed stays theirs', async () => {
  const maria = await bank.person();
  const wanted = 'raced@example.com';
  await bank.call('PUT', '/v1/me/email', { email: wanted }, maria.token());
  const { token } = await bank.mail(wanted, /new address/);
  await bank.call('POST', '/v1/users', { email: wanted, password: PASSWORD, name: 'First Come' });
  const confirmed = await bank.call('POST', '/v1/email-confirmations', { token });
  expect([confirmed.status, confirmed.body.code]).toEqual([409, 'email-taken']);
});

test('who signed up is asked to confirm, and may ask for the mail again until they did', async () => {
  const maria = await bank.person('unconfirmed');
  const me = async () => (await bank.call('GET', '/v1/me', undefined, maria.token())).body.emailConfirmed;
  expect(await me()).toBe(false);
  const first = await bank.mail(maria.login, /Confirm your address/);
  expect((await bank.call('POST', '/v1/me/email/confirmation', undefined, maria.token())).status).toBe(202);
  const second = await bank.mail(maria.login, /Confirm your address/, 2);
  expect(second.token).not.toBe(first.token);
  expect((await bank.call('POST', '/v1/email-confirmations', { token: first.token })).status).toBe(204);
  expect(await me()).toBe(true);
  await bank.call('POST', '/v1/me/email/confirmation', undefined, maria.token());
  await bank.allSent();
  expect(await bank.mailsTo(maria.login)).toHaveLength(2);
});
