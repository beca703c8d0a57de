import { sql } from '@florin/postgres';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PASSWORD } from '../../fixtures/loopback-users.ts';
import { type MailedUsers, mailedUsers } from '../../fixtures/mailed-users.fixture.ts';

const NEW = 'velvet orchid thistle kettle';

let bank: MailedUsers;
beforeAll(async () => {
  bank = await mailedUsers();
});
afterAll(() => bank.close());

const complete = (token: string, password = NEW) =>
  bank.call('POST', '/v1/password-resets/complete', { token, password });

test('a link in a mail sets a new password, once, and everything signed in with the old one is over', async () => {
  const maria = await bank.person();
  const { cookie } = await bank.signInWeb(maria.login);
  const token = await bank.resetToken(maria.login);
  expect((await complete(token)).status).toBe(204);
  expect((await bank.resolve(cookie)).status).toBe(404);
  expect((await bank.type(maria.login)).status).toBe(401);
  expect((await bank.type(maria.login, NEW)).status).toBe(200);
  const again = await complete(token, 'candle mirror copper orchid');
  expect([again.status, again.body.code]).toEqual([410, 'link-not-good']);
  expect((await bank.mail(maria.login, /password was reset/)).token).toBeUndefined();
  expect(await bank.changesOf(maria.personId)).toContain('password-reset');
});

test('of parallel uses of one link one succeeds', async () => {
  const maria = await bank.person();
  const token = await bank.resetToken(maria.login);
  const answers = await Promise.all(Array.from({ length: 6 }, (_, at) => complete(token, `${NEW} ${at}`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 410, 410, 410, 410, 410]);
});

test('a weak password leaves the link as it is', async () => {
  const maria = await bank.person();
  const token = await bank.resetToken(maria.login);
  expect((await complete(token, 'mailed password1')).body.code).toBe('password-too-weak');
  expect((await complete(token)).status).toBe(204);
});

test('a link is good for fifteen minutes, for one purpose, and for the address it was sent to', async () => {
  const maria = await bank.person();
  const old = await bank.resetToken(maria.login);
  const [row] = await bank.database.database.query<{ seconds: number }>(sql`
    SELECT extract(epoch FROM expires_at - issued_at)::float8 AS seconds FROM mailed_token
     WHERE person_id = ${maria.personId} AND purpose = 'reset-password'`);
  expect(row?.seconds).toBe(15 * 60);
  expect((await bank.call('POST', '/v1/email-confirmations', { token: old })).status).toBe(410);
  await bank.database.database.execute(sql`
    UPDATE mailed_token SET expires_at = now() WHERE person_id = ${maria.personId}`);
  expect((await complete(old)).status).toBe(410);
  const fresh = await bank.resetToken(maria.login, 2);
  await bank.database.database.execute(sql`
    UPDATE person SET email_index = '\\x00' WHERE id = ${maria.personId}`);
  expect((await complete(fresh)).status).toBe(410);
});

test('nobody is told by the answer who has an address, and only who has it gets mail', async () => {
  const maria = await bank.person();
  const asked = (email: string) => bank.call('POST', '/v1/password-resets', { email });
  const [known, unknown, malformed] = [
    await asked(maria.login),
    await asked('nobody@example.com'),
    await asked('no one'),
  ];
  for (const answer of [known, unknown, malformed]) expect([answer.status, answer.text]).toEqual([202, '']);
  await bank.mail(maria.login, /new password/);
  await bank.allSent();
  expect(await bank.mailsTo('nobody@example.com')).toEqual([]);
});

test('an hour sees three mails to one person, and a second request while the first waits adds none', async () => {
  const maria = await bank.person();
  for (let nth = 1; nth <= 3; nth += 1) await bank.resetToken(maria.login, nth);
  await bank.call('POST', '/v1/password-resets', { email: maria.login.toUpperCase() });
  await bank.allSent();
  expect((await bank.mailsTo(maria.login)).filter(({ subject }) => /new password/.test(subject))).toHaveLength(3);
});

test('an address nobody confirmed gets a mail to confirm it instead, and no way in', async () => {
  const maria = await bank.person('unconfirmed');
  await bank.call('POST', '/v1/password-resets', { email: maria.login });
  const { token } = await bank.mail(maria.login, /Confirm your address first/);
  expect((await complete(token ?? '')).status).toBe(410);
  expect((await bank.call('POST', '/v1/email-confirmations', { token })).status).toBe(204);
  expect((await complete(await bank.resetToken(maria.login))).status).toBe(204);
});

test('a sign-in that began with the old password comes to nothing', async () => {
  const maria = await bank.person();
  const begun = await bank.type(maria.login);
  expect(begun.status).toBe(200);
  expect((await complete(await bank.resetToken(maria.login))).status).toBe(204);
  const back = await begun.browser.get(begun.body.location);
  expect(back.location).toContain('error=access_denied');
  const rows = await bank.database.database.query(sql`
    SELECT FROM oidc_record WHERE model = 'Grant' AND account_id = ${maria.personId}`);
  expect(rows).toEqual([]);
});

test('what waits in the database opens nothing: no token, no address, no password in it', async () => {
  const maria = await bank.person();
  const token = await bank.resetToken(maria.login);
  const rows = await bank.database.database.query<{ text: string }>(sql`
    SELECT t::text AS text FROM mailed_token t UNION ALL SELECT m::text FROM outgoing_mail m`);
  const stored = rows.map(({ text }) => text).join('\n');
  expect(stored).not.toContain(Buffer.from(token).toString('hex'));
  expect(stored).not.toContain(Buffer.from(maria.login).toString('hex'));
  await vi.waitUntil(async () => (await complete(token)).status === 204);
  await bank.users.service.idle();
  expect(JSON.stringify(bank.users.published)).not.toMatch(new RegExp(`${token}|${maria.login}|${PASSWORD}|${NEW}`));
});
