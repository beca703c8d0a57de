import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  beginInteraction,
  callApi,
  type LoopbackUsers,
  listenUsers,
  openBrowser,
  PASSWORD,
  REDIRECT_URI,
  signUpPerson,
  submitCredentials,
} from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';

let database: TestDatabase;
let users: LoopbackUsers;
const login = 'maria@example.com';

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  users = await listenUsers(database.url);
  await signUpPerson(users.origin, login);
});

afterAll(async () => {
  await users.close();
  await database.close();
});

const BASIC = {
  client_id: 'florin-cli',
  redirect_uri: REDIRECT_URI,
  response_type: 'code',
  scope: 'openid bank',
  state: 's',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

async function begin(more: Record<string, string> = {}, browser = openBrowser(users.origin)) {
  const address = await beginInteraction(browser, `/oidc/auth?${new URLSearchParams({ ...BASIC, ...more })}`);
  return { browser, address, uid: address.split('/').at(-1) ?? '' };
}

const pathOf = (address: string) => address.slice(users.origin.length);
const problemOf = (answer: { status: number; text: string }) => {
  const { status, code } = JSON.parse(answer.text);
  expect(status).toBe(answer.status);
  return [status, code];
};

describe('a browser that comes by a redirect', () => {
  test('is sent to the page that draws what is asked', async () => {
    const { browser, address, uid } = await begin();
    const [signIn, signUp] = [await browser.get(address), await browser.get(`${address}/sign-up`)];
    expect([signIn.status, pathOf(signIn.location)]).toEqual([303, `/sign-in/${uid}`]);
    expect([signUp.status, pathOf(signUp.location)]).toEqual([303, `/sign-up/${uid}`]);
    expect(signIn.headers.get('cache-control')).toBe('no-store');
    expect(signIn.text).toBe('');
  });

  test('is sent to the sign-up page when that was asked for, and may sign in all the same', async () => {
    const { browser, address, uid } = await begin({ prompt: 'create' });
    expect(pathOf((await browser.get(address)).location)).toBe(`/sign-up/${uid}`);
    expect(JSON.parse((await browser.ask(address)).text)).toMatchObject({ prompt: 'create' });
    const answer = await browser.get(await submitCredentials(browser, address, { login }));
    expect(new URL(answer.location).searchParams.get('code')).toMatch(/^[\w-]{40,}$/);
  });

  test('begins again when the sign-in is over', async () => {
    const { browser, address } = await begin();
    await browser.get(await submitCredentials(browser, address, { login }));
    for (const late of [browser, openBrowser(users.origin)]) {
      const again = await late.get(address);
      expect([again.status, pathOf(again.location)]).toEqual([303, '/session/login']);
      expect(problemOf(await late.ask(address))).toEqual([404, 'interaction-not-found']);
    }
    expect((await openBrowser(users.origin).get('/interaction/unheard-of')).location).toContain('/session/login');
  });

  test('begins again when who was signed in here signed out meanwhile', async () => {
    const { browser, address } = await begin();
    await browser.get(await submitCredentials(browser, address, { login }));
    const second = await begin({}, browser);
    await database.database.execute({ text: "DELETE FROM oidc_record WHERE model = 'Session'", values: [] });
    expect(pathOf((await browser.get(second.address)).location)).toBe('/session/login');
    const third = await begin({}, browser);
    expect(pathOf((await browser.get(third.address)).location)).toBe(`/sign-in/${third.uid}`);
  });

  test('is told that it failed when the sign-in is another browser’s', async () => {
    const { address } = await begin();
    const stranger = await openBrowser(users.origin).get(address);
    expect([stranger.status, pathOf(stranger.location)]).toEqual([303, '/signed-out?reason=sign-in-failed']);
  });

  test('is not sent in circles when it keeps no cookies', async () => {
    const visited: string[] = [];
    let next = '/session/login?return_to=/accounts';
    while (/^\/(session|oidc|interaction)\b/.test(next) && visited.length < 10) {
      visited.push(next);
      next = pathOf((await openBrowser(users.origin).get(next)).location);
    }
    expect(visited).toHaveLength(3);
    expect(next).toBe('/signed-out?reason=sign-in-failed');
  });
});

describe('a page or a program', () => {
  test('is told what is asked, and what to fill in', async () => {
    const { browser, address, uid } = await begin({ login_hint: 'maria@example.com' });
    const asked = {
      uid,
      prompt: 'login',
      client: { id: 'florin-cli', name: 'Florin command line' },
      login: 'maria@example.com',
      secondFactors: [],
      providers: [],
      consent: null,
    };
    expect(JSON.parse((await browser.ask(address)).text)).toEqual(asked);
    expect(JSON.parse((await browser.ask(`${address}/sign-up`)).text)).toEqual(asked);
    const plain = await begin();
    expect(JSON.parse((await plain.browser.ask(plain.address)).text).login).toBeNull();
    const long = await begin({ login_hint: 'x'.repeat(300) });
    expect(JSON.parse((await long.browser.ask(long.address)).text).login).toBeNull();
  });

  test.each(['login', 'create'])('signs up on the way in, asked for by %s', async (prompt) => {
    const { browser, address } = await begin({ prompt });
    const wanted = { name: 'Nora New', email: `nora-${prompt}@example.com`, password: PASSWORD };
    const done = await browser.submit(`${address}/sign-up`, wanted);
    expect(done.status).toBe(200);
    const answer = await browser.get(JSON.parse(done.text).location);
    expect(new URL(answer.location).searchParams.get('code')).toMatch(/^[\w-]{40,}$/);
  });

  test('cancels, and goes back to the client without a code', async () => {
    const { browser, address } = await begin();
    const done = await browser.submit(`${address}/cancel`, {});
    const answer = await browser.get(JSON.parse(done.text).location);
    expect(new URL(answer.location).searchParams.get('error')).toBe('access_denied');
  });
});

describe('what is refused', () => {
  const sound = { name: 'Grace Hopper', email: 'grace@example.com', password: PASSWORD };

  test.each([
    ['', { login, password: 'not the password' }, 401, 'wrong-credentials'],
    ['/sign-up', { ...sound, email: 'grace.example.com' }, 422, 'invalid-email'],
    ['/sign-up', { ...sound, email: login }, 409, 'email-taken'],
    ['/sign-up', { ...sound, password: 'short' }, 422, 'password-too-weak'],
  ])('at %j of %j has a code of its own', async (action, body, status, code) => {
    const { browser, address } = await begin();
    const answer = await browser.submit(`${address}${action}`, body);
    expect(problemOf(answer)).toEqual([status, code]);
    expect(answer.text).not.toContain(body.password);
    // The interaction goes on: what was wrong can be mended.
    expect((await browser.submit(address, { login, password: PASSWORD })).status).toBe(200);
  });

  test.each([
    ['', {}, '/login'],
    ['', { login, password: 7 }, '/password'],
    ['', { login, password: PASSWORD, remember: true }, '/remember'],
    ['/sign-up', { ...sound, name: '   ' }, '/name'],
    ['/sign-up', { ...sound, name: 'Grace\nHopper' }, '/name'],
    ['/sign-up', { ...sound, name: 'x'.repeat(121) }, '/name'],
    ['/sign-up', { ...sound, roles: ['admin'] }, '/roles'],
  ])('at %j of the wrong shape names the field: %j', async (action, body, path) => {
    const { browser, address } = await begin();
    const answer = await browser.submit(`${address}${action}`, body);
    expect(problemOf(answer)).toEqual([400, 'invalid-request']);
    expect(JSON.parse(answer.text).errors.map((error: { path: string }) => error.path)).toEqual([path]);
  });

  test.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
  ])('a body of type %s is %i', async (type, status) => {
    const { browser, address } = await begin();
    const answer = await browser.post(address, { login, password: PASSWORD }, { 'content-type': type });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ status, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  test('a body of more than 8 KiB is 413', async () => {
    const { browser, address } = await begin();
    expect((await browser.submit(address, { login, password: 'x'.repeat(9_000) })).status).toBe(413);
  });
});

describe('an interaction', () => {
  test('is only for the browser that began it, and only from our own pages', async () => {
    const { browser, address } = await begin();
    const credentials = { login, password: PASSWORD };
    const stranger = openBrowser(users.origin);
    const refused = [await stranger.submit(address, credentials), await stranger.submit(`${address}/cancel`, {})];
    for (const answer of refused) expect(problemOf(answer)).toEqual([404, 'interaction-not-found']);
    for (const origin of ['https://evil.example', 'null']) {
      expect((await browser.submit(address, credentials, { origin })).status).toBe(403);
      expect((await browser.submit(`${address}/cancel`, {}, { origin })).status).toBe(403);
    }
    expect((await browser.submit(address, credentials)).status).toBe(200);
    expect((await callApi(users.origin, 'DELETE', pathOf(address))).status).toBe(405);
    expect((await callApi(users.origin, 'GET', '/interaction/')).status).toBe(404);
  });

  test('has a cookie that is no key to another, in whichever path it is sent, and none without its signature', async () => {
    const mine = await begin();
    const theirs = await begin();
    const cookieOf = (...names: string[]) => names.map((name) => `${name}=${mine.browser.cookie(name)}`).join('; ');
    const ask = (address: string, cookie: string) =>
      callApi(users.origin, 'GET', pathOf(address), { headers: { cookie } });
    const cookie = cookieOf('florin_interaction', 'florin_interaction.sig');
    expect((await ask(mine.address, cookie)).status).toBe(200);
    expect((await ask(theirs.address, cookie)).status).toBe(404);
    expect((await ask(mine.address, cookieOf('florin_interaction'))).status).toBe(404);
    const forged = `florin_interaction=${theirs.uid}; ${cookieOf('florin_interaction.sig')}`;
    expect((await ask(theirs.address, forged)).status).toBe(404);
  });

  test('is the same behind TLS that ended before us', async () => {
    const issuer = 'https://bank.example';
    const behind = await listenUsers(database.url, { issuer });
    const browser = openBrowser(behind.origin);
    const address = await beginInteraction(browser, `/oidc/auth?${new URLSearchParams(BASIC)}`);
    expect(browser.cookie('__Secure-florin_interaction')).toBe(address.split('/').at(-1));
    expect((await browser.get(address)).location).toContain('/sign-in/');
    const credentials = { login, password: PASSWORD };
    expect((await browser.submit(address, credentials)).status).toBe(403);
    const answer = await browser.submit(address, credentials, { origin: issuer });
    expect(JSON.parse(answer.text).location).toMatch(/^https:\/\/bank\.example\/oidc\/auth\//);
    await behind.close();
  });

  test('has an answer that is worth nothing in another browser', async () => {
    const { browser, address } = await begin();
    const onward = await submitCredentials(browser, address, { login });
    const stolen = await openBrowser(users.origin).get(onward);
    expect([stolen.status, stolen.location]).toEqual([400, '']);
  });
});
