import { randomBytes } from 'node:crypto';
import { memoryBroker } from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { withClient } from '@florin/postgres';
import { newId, systemClock } from '@florin/primitives';
import { localKeyManagement, withNewKey } from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  beginInteraction,
  callApi,
  KEY,
  keyManagement,
  listenUsers,
  openBrowser,
  PASSWORD,
  REDIRECT_URI,
  signUpPerson,
  submitCredentials,
} from '../fixtures/loopback-users.ts';
import { sandboxAccounts, usersTokens } from '../fixtures/sandbox-accounts.ts';
import { startUsers, usersMigrations } from './service.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(usersMigrations);
});
afterAll(() => database.close());

const AUTH = `/oidc/auth?${new URLSearchParams({
  client_id: 'florin-cli',
  redirect_uri: REDIRECT_URI,
  response_type: 'code',
  scope: 'openid bank',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
})}`;

test('instances started at once on an empty database sign with the same keys, and so do those started later', async () => {
  const all = await Promise.all([listenUsers(database.url), listenUsers(database.url), listenUsers(database.url)]);
  const later = await listenUsers(database.url);
  const sets = await Promise.all([...all, later].map((users) => users.service.jwks()));
  for (const set of sets) expect(set).toEqual(sets[0]);
  expect(sets[0]?.keys).toHaveLength(2);
  expect(await later.service.ready()).toBe(true);
  await Promise.all([...all, later].map((users) => users.close()));
});

test('the wrong key does not start: better no bank than one that cannot read its own names', async () => {
  const ports = {
    verifyToken: () => undefined,
    keyManagement,
    calls: (await sandboxAccounts()).calls,
    tokens: usersTokens,
    broker: memoryBroker(),
    logger: createLogger({ service: 'users', level: 'silent' }),
    clock: systemClock,
    newId,
  };
  const config = {
    databaseUrl: database.url,
    publicUrl: 'http://127.0.0.1:8080',
    keyEncryptionKey: randomBytes(32).toString('base64url'),
    cookieKeys: [randomBytes(32).toString('base64url')],
  };
  await expect(startUsers(config, ports)).rejects.toMatchObject({
    code: 'key-wrong',
    message: 'FLORIN_USERS_KEY is not the key that the keyed hashes of the users database are made with',
  });
  const strangers = withNewKey(undefined, 'kek-1');
  const locked = { ...ports, broker: memoryBroker(), keyManagement: localKeyManagement(() => strangers) };
  await expect(startUsers({ ...config, keyEncryptionKey: KEY }, locked)).rejects.toMatchObject({
    code: 'key-wrong',
    message: 'the key kek-1 of the key file does not unlock data_key|users|1',
  });
  await expect(startUsers({ ...config, keyEncryptionKey: 'short' }, ports)).rejects.toMatchObject({
    code: 'setting-invalid',
  });
  await expect(startUsers({ ...config, publicUrl: 'http://bank.example' }, ports)).rejects.toMatchObject({
    code: 'setting-invalid',
  });
  await expect(startUsers({ ...config, cookieKeys: ['short'] }, ports)).rejects.toMatchObject({
    code: 'setting-invalid',
  });
});

test('with the database away every door says so, quickly and without details, and recovers by itself', async () => {
  const own = await testDatabase(usersMigrations);
  const users = await listenUsers(own.url);
  await signUpPerson(users.origin, 'away@example.com');
  const browser = openBrowser(users.origin);
  const interaction = await beginInteraction(browser, AUTH);
  const name = new URL(own.url).pathname.slice(1);
  const setConnections = (allowed: boolean) =>
    withClient(database.superuserUrl, async (client) => {
      await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allowed}`);
      if (!allowed)
        await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    });

  await setConnections(false);
  const credentials = { login: 'away@example.com', password: PASSWORD };
  const answers = await Promise.all([
    callApi(users.origin, 'GET', '/v1/me', { token: 'person:01a20394-1fc7-7800-97b3-65e585b452e0:customer' }),
    browser.submit(interaction, credentials),
    browser.ask(interaction),
    browser.ask(AUTH),
  ]);
  for (const answer of answers) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.text).not.toMatch(/postgres|florin_test|ECONN|\bat /);
  }
  expect(await users.service.ready()).toBe(false);

  await setConnections(true);
  await expect.poll(() => users.service.ready(), { timeout: 10_000 }).toBe(true);
  expect((await browser.submit(interaction, credentials)).status).toBe(200);
  await users.close();
  await own.close();
});

test('a drain lets what is under way end, and takes nothing new', async () => {
  const users = await listenUsers(database.url);
  const browser = openBrowser(users.origin);
  // A whole web sign-in, which also asks the token endpoint from inside.
  await signUpPerson(users.origin, 'drain@example.com');
  const interaction = await beginInteraction(browser, (await browser.get('/session/login')).location);
  const onward = await submitCredentials(browser, interaction, { login: 'drain@example.com' });
  expect((await browser.get((await browser.get(onward)).location)).status).toBe(302);
  const startedAt = performance.now();
  await users.service.drain();
  // All requests were counted out again, or this would wait for its whole four seconds.
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  for (const path of [AUTH, '/interaction/x', '/session']) expect((await browser.get(path)).status).toBe(503);
  await users.close();
});
