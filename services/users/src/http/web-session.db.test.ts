import { type TestDatabase, testDatabase } from '@florin/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, openBrowser } from '../../fixtures/browser.ts';
import {
  authorise,
  beginInteraction,
  callApi,
  type LoopbackUsers,
  listenUsers,
  signUpPerson,
} from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';

let database: TestDatabase;
let users: LoopbackUsers;
let second: LoopbackUsers;
let personId: string;
const login = 'maria@example.com';

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  users = await listenUsers(database.url);
  second = await listenUsers(database.url, { issuer: users.origin });
  personId = await signUpPerson(users.origin, login);
});

afterAll(async () => {
  await second.close();
  await users.close();
  await database.close();
});

/** Through the sign-in until the callback, which is not followed. */
async function untilCallback(browser: Browser, returnTo = '/accounts?x=1') {
  const start = await browser.get(`/session/login?${new URLSearchParams({ return_to: returnTo })}`);
  expect(start.status).toBe(302);
  return (await authorise(browser, start.location, { login })).href;
}

async function signIn(browser = openBrowser(users.origin), returnTo?: string) {
  const done = await browser.get(await untilCallback(browser, returnTo));
  expect(done.status).toBe(302);
  return { browser, location: done.location, cookie: browser.cookie('florin_sid') ?? '', headers: done.headers };
}

const resolve = (cookie: string, origin = users.origin) =>
  callApi(origin, 'POST', '/internal/sessions/resolve', { token: 'service', body: { cookie } });
const age = (column: 'access_expires_at' | 'seen_at' | 'ends_at', seconds: number) =>
  database.database.execute({
    text: `UPDATE web_session SET ${column} = now() - make_interval(secs => $1)`,
    values: [seconds],
  });
const session = (browser: Browser) =>
  browser.get('/session', { accept: 'application/json' }).then((a) => JSON.parse(a.text));

test('a browser signs in, comes back to where it was, and holds a cookie but no token', async () => {
  const { browser, location, cookie, headers } = await signIn();
  expect(location).toBe(`${users.origin}/accounts?x=1`);
  expect(headers.getSetCookie().join()).toMatch(/florin_sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  const said = await session(browser);
  expect(said).toMatchObject({ user: { id: personId, email: login }, idleSeconds: 600 });
  expect(JSON.stringify(said)).not.toMatch(/eyJ/);

  const answer = await resolve(cookie);
  expect(answer.body).toMatchObject({ userId: personId, csrf: said.csrf });
  expect(decodeJwt(answer.body.accessToken)).toMatchObject({
    sub: personId,
    client_id: 'florin-web',
    aud: `${users.origin}/v1`,
    sid: answer.body.sessionId,
  });
  expect((await resolve('A'.repeat(43))).status).toBe(404);
  const person = { token: `person:${personId}:admin`, body: { cookie } };
  expect((await callApi(users.origin, 'POST', '/internal/sessions/resolve', person)).status).toBe(403);
});

test.each(['//evil.example', 'https://evil.example/', '/\\evil.example'])(
  'return_to %s leads home',
  async (returnTo) => {
    expect((await signIn(openBrowser(users.origin), returnTo)).location).toBe(`${users.origin}/`);
  },
);

test.each([
  ['', 'sign-in'],
  ['?screen=sign-in', 'sign-in'],
  ['?screen=sign-up&return_to=/accounts', 'sign-up'],
])('/session/login%s leads to the %s page', async (query, page) => {
  const browser = openBrowser(users.origin);
  const interaction = await beginInteraction(browser, (await browser.get(`/session/login${query}`)).location);
  const uid = interaction.split('/').at(-1);
  expect((await browser.get(interaction)).location).toBe(`${users.origin}/${page}/${uid}`);
});

test('/session/login knows no other screens', async () => {
  expect((await openBrowser(users.origin).get('/session/login?screen=reset')).status).toBe(400);
});

test('whoever signs up on the way in is signed in, and back where they were', async () => {
  const browser = openBrowser(users.origin);
  const start = await browser.get('/session/login?screen=sign-up&return_to=/welcome');
  const interaction = await beginInteraction(browser, start.location);
  const wanted = { email: 'nora@example.com', password: 'lantern maple harbour', name: 'Nora New' };
  const answer = await browser.submit(`${interaction}/sign-up`, wanted);
  const callback = await browser.get(JSON.parse(answer.text).location);
  expect((await browser.get(callback.location)).location).toBe(`${users.origin}/welcome`);
  expect((await session(browser)).user).toMatchObject({ email: 'nora@example.com', roles: ['customer'] });
});

describe('the callback', () => {
  test('of a sign-in that was cancelled leads home', async () => {
    const browser = openBrowser(users.origin);
    const interaction = await beginInteraction(browser, (await browser.get('/session/login')).location);
    const cancelled = JSON.parse((await browser.submit(`${interaction}/cancel`, {})).text);
    const done = await browser.get((await browser.get(cancelled.location)).location);
    expect([done.status, done.location]).toEqual([302, `${users.origin}/`]);
    expect(browser.cookie('florin_sid')).toBeUndefined();
  });

  test('of another browser, with another state or another issuer makes no session', async () => {
    const browser = openBrowser(users.origin);
    const callback = new URL(await untilCallback(browser));
    const changed = (name: string, value: string) => {
      const url = new URL(callback);
      url.searchParams.set(name, value);
      return url.href;
    };
    const stranger = openBrowser(users.origin);
    const failures: readonly (readonly [Browser, string])[] = [
      [stranger, callback.href],
      [browser, changed('state', 'another')],
      [browser, changed('iss', 'https://evil.example')],
      [browser, changed('code', 'another')],
      [browser, `${users.origin}/session/callback?error=server_error`],
    ];
    for (const [who, address] of failures) {
      const page = await who.get(address);
      expect([page.status, page.location]).toEqual([303, `${users.origin}/signed-out?reason=sign-in-failed`]);
      const program = await who.ask(address);
      expect([program.status, JSON.parse(program.text).code]).toEqual([400, 'sign-in-failed']);
    }
    expect(browser.cookie('florin_sid') ?? stranger.cookie('florin_sid')).toBeUndefined();
    expect((await browser.get(callback.href)).status).toBe(302);
  });

  test('never keeps a session id from before, and ends that session', async () => {
    const { browser, cookie } = await signIn();
    const again = await signIn(browser);
    expect(again.cookie).not.toBe(cookie);
    expect((await resolve(cookie)).status).toBe(404);
    browser.plant('florin_sid', 'B'.repeat(43));
    expect((await signIn(browser)).cookie).not.toBe('B'.repeat(43));
  });
});

describe('an access token about to expire', () => {
  test('is refreshed once for all who ask, on every instance', async () => {
    const { cookie } = await signIn();
    const before = (await resolve(cookie)).body.accessToken;
    await age('access_expires_at', 1);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => resolve(cookie, index % 2 === 0 ? users.origin : second.origin)),
    );
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
    const tokens = new Set(answers.map((answer) => answer.body.accessToken));
    expect(tokens.size).toBe(1);
    expect(tokens.has(before)).toBe(false);
  });

  test('of a grant that was ended elsewhere ends the session', async () => {
    const { cookie } = await signIn();
    const { sessionId } = (await resolve(cookie)).body;
    const token = `person:${personId}:customer`;
    expect((await callApi(users.origin, 'DELETE', `/v1/me/sessions/${sessionId}`, { token })).status).toBe(204);
    expect((await resolve(cookie)).status).toBe(404);
  });
});

describe('a session ends', () => {
  test('after its idle time, for good, and only requests move that on', async () => {
    const { cookie, browser } = await signIn();
    await age('seen_at', 599);
    expect((await resolve(cookie)).status).toBe(200);
    await age('seen_at', 601);
    expect((await resolve(cookie)).status).toBe(404);
    expect((await session(browser)).user).toBeNull();
    // The issuer's own session does not bring it back: the password is asked for.
    const again = await browser.get((await browser.get('/session/login')).location);
    expect(again.location).toContain('/interaction/');
  });

  test('after twelve hours, however busy', async () => {
    const { cookie } = await signIn();
    await age('ends_at', 0);
    expect((await resolve(cookie)).status).toBe(404);
  });

  test('when its owner says so, with the token of our page, and its tokens are dead at once', async () => {
    const { browser, cookie } = await signIn();
    const { csrf } = await session(browser);
    const { sessionId } = (await resolve(cookie)).body;
    for (const wrong of [{}, { 'x-florin-csrf': 'x' }, { 'x-florin-csrf': 'x'.repeat(csrf.length) }]) {
      const refused = await callApi(users.origin, 'POST', '/session/logout', {
        headers: { cookie: `florin_sid=${cookie}`, ...wrong },
      });
      expect(refused.status).toBe(403);
    }
    const headers = { cookie: `florin_sid=${cookie}`, 'x-florin-csrf': csrf };
    const done = await callApi(users.origin, 'POST', '/session/logout', { headers });
    expect(done.status).toBe(204);
    expect(done.headers.getSetCookie().join()).toContain('Max-Age=0');
    expect((await resolve(cookie)).status).toBe(404);
    expect((await session(browser)).user).toBeNull();
    await users.service.idle();
    const revoked = [...users.published, ...second.published].filter((one) => one.type === 'users.sessions-revoked.v1');
    expect(revoked.map((event) => event.data['sessionId'])).toContain(sessionId);
  });
});

test('signing out in a browser ends its session at the issuer too, and no one else’s', async () => {
  const issuerSessions = async () => {
    const rows = await database.database.query<{ count: bigint }>({
      text: "SELECT count(*) AS count FROM oidc_record WHERE model = 'Session'",
      values: [],
    });
    return Number(rows[0]?.count);
  };
  const { browser, cookie } = await signIn();
  const other = await signIn();
  const before = await issuerSessions();
  const cookies = ['florin_sid', 'florin_issuer'].map((name) => `${name}=${browser.cookie(name)}`).join('; ');
  const headers = { cookie: cookies, 'x-florin-csrf': (await session(browser)).csrf };
  expect((await callApi(users.origin, 'POST', '/session/logout', { headers })).status).toBe(204);
  expect(await issuerSessions()).toBe(before - 1);
  expect((await resolve(cookie)).status).toBe(404);
  expect((await resolve(other.cookie)).status).toBe(200);
  // The dead cookie is still in the browser and hinders nobody who signs in next.
  expect((await session((await signIn(browser)).browser)).user).toMatchObject({ id: personId });
  await signIn(browser);
  expect(await issuerSessions()).toBe(before);
});

test('the database holds neither the cookie nor a token', async () => {
  const { cookie } = await signIn();
  const { accessToken } = (await resolve(cookie)).body;
  const rows = await database.database.query<{ row: string }>({
    text: 'SELECT w::text AS row FROM web_session w',
    values: [],
  });
  const stored = rows.map(({ row }) => row).join();
  for (const secret of [cookie, accessToken.slice(0, 40)]) {
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
  }
});
