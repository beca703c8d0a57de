import { newId } from '@florin/primitives';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, PASSWORD } from '../../fixtures/loopback-users.ts';
import { type MailedUsers, mailedUsers } from '../../fixtures/mailed-users.fixture.ts';

let bank: MailedUsers;
beforeAll(async () => {
  bank = await mailedUsers();
});
afterAll(() => bank.close());

interface Device {
  readonly id: string;
  readonly device: string | null;
}

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';
const firefox = () => openBrowser(bank.users.origin, { 'user-agent': FIREFOX });

test('everywhere is signed out at once, by oneself', async () => {
  const maria = await bank.person();
  const signedIn = [await bank.signInWeb(maria.login), await bank.signInWeb(maria.login)];
  expect((await bank.call('DELETE', '/v1/me/sessions', undefined, maria.token())).status).toBe(204);
  for (const { cookie } of signedIn) expect((await bank.resolve(cookie)).status).toBe(404);
  expect(await bank.changesOf(maria.personId)).toContain('signed-out-everywhere');
});

test('T07: who is kept out is signed out, can not sign in with anything, and can once they are let in again', async () => {
  const maria = await bank.person();
  const { cookie } = await bank.signInWeb(maria.login);
  const waiting = await bank.type(maria.login);
  const link = await bank.resetToken(maria.login);
  const access = (what: string, by = bank.admin) =>
    bank.call('POST', `/v1/users/${maria.personId}/${what}`, undefined, by);
  expect((await access('disable')).status).toBe(204);
  expect((await bank.resolve(cookie)).status).toBe(404);
  expect((await bank.type(maria.login)).status).toBe(401);
  expect((await waiting.browser.get(waiting.body.location)).location).not.toContain('code=');
  const reset = await bank.call('POST', '/v1/password-resets/complete', { token: link, password: `${PASSWORD} new` });
  expect(reset.body.code).toBe('link-not-good');
  expect((await bank.call('GET', '/v1/me', undefined, maria.token())).status).toBe(401);
  await bank.mail(maria.login, /access is closed/);
  // Said twice, it happens once.
  expect((await access('disable')).status).toBe(204);
  expect((await bank.changesOf(maria.personId)).filter((change) => change === 'disabled')).toHaveLength(1);
  expect((await access('enable')).status).toBe(204);
  expect((await bank.type(maria.login)).status).toBe(200);
});

test('only an administrator keeps somebody out, never themselves, and nobody who is not there', async () => {
  const maria = await bank.person();
  const path = `/v1/users/${maria.personId}`;
  for (const role of ['customer', 'teller', 'supervisor', 'auditor']) {
    const by = `person:${newId(0)}:${role}`;
    expect((await bank.call('POST', `${path}/disable`, undefined, by)).status).toBe(403);
    expect((await bank.call('DELETE', `${path}/sessions`, undefined, by)).status).toBe(403);
  }
  const [, self] = bank.admin.split(':');
  expect((await bank.call('POST', `/v1/users/${self}/enable`, undefined, bank.admin)).body.code).toBe('own-access');
  expect((await bank.call('POST', `/v1/users/${newId(0)}/disable`, undefined, bank.admin)).status).toBe(404);
  expect((await bank.call('DELETE', `/v1/users/${newId(0)}/sessions`, undefined, bank.admin)).status).toBe(404);
});

test('an administrator signs somebody out everywhere, on record by their own name', async () => {
  const maria = await bank.person();
  const { cookie } = await bank.signInWeb(maria.login);
  expect((await bank.call('DELETE', `/v1/users/${maria.personId}/sessions`, undefined, bank.admin)).status).toBe(204);
  expect((await bank.resolve(cookie)).status).toBe(404);
  await bank.users.service.idle();
  const [, adminId] = bank.admin.split(':');
  const records = bank.users.published.filter(({ data }) => data['action'] === 'users.sign-out-everywhere');
  expect(records.map(({ data }) => [data['actor'], data['resource']])).toContainEqual([adminId, maria.personId]);
});

test('browsers that are known are listed; a second one is told of, and one that is forgotten is a stranger', async () => {
  const maria = await bank.person();
  const list = async (): Promise<Device[]> =>
    (await bank.call('GET', '/v1/me/devices', undefined, maria.token())).body.data;
  const browser = firefox();
  await bank.signInWeb(maria.login, PASSWORD, browser);
  expect(await bank.changesOf(maria.personId)).not.toContain('device-added');
  await bank.signInWeb(maria.login, PASSWORD, browser);
  expect((await list()).map(({ device }) => device)).toEqual(['Firefox on Linux']);
  await bank.signInWeb(maria.login, PASSWORD, firefox());
  expect((await bank.mail(maria.login, /new browser/)).raw).toContain('Firefox on Linux');
  expect((await bank.changesOf(maria.personId)).filter((change) => change === 'device-added')).toHaveLength(1);
  const [latest, first] = await list();
  const forget = (id = '', token = maria.token()) => bank.call('DELETE', `/v1/me/devices/${id}`, undefined, token);
  const stranger = await bank.person();
  expect((await forget(first?.id, stranger.token())).status).toBe(404);
  expect((await forget(first?.id)).status).toBe(204);
  expect((await forget(first?.id)).body.code).toBe('device-not-found');
  expect(await list()).toEqual([latest]);
  await bank.signInWeb(maria.login, PASSWORD, browser);
  expect((await bank.changesOf(maria.personId)).filter((change) => change === 'device-added')).toHaveLength(2);
  expect((await bank.call('DELETE', '/v1/me/devices', undefined, maria.token())).status).toBe(204);
  expect(await list()).toEqual([]);
});

test('twenty browsers are kept of one person, the latest', async () => {
  const maria = await bank.person();
  for (let count = 0; count < 22; count += 1) {
    const { body, browser } = await bank.type(maria.login);
    expect([typeof body.location, typeof browser]).toEqual(['string', 'object']);
  }
  expect((await bank.call('GET', '/v1/me/devices', undefined, maria.token())).body.data).toHaveLength(20);
});
