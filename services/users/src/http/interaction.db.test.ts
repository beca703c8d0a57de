import { messagingMigrations } from '@florin/messaging';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  callApi,
  type LoopbackUsers,
  listenUsers,
  openBrowser,
  PASSWORD,
  REDIRECT_URI,
  signUpPerson,
} from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';

let database: TestDatabase;
let users: LoopbackUsers;
const login = 'maria@example.com';
const JSON_ANSWER = { accept: 'application/json' };

beforeAll(async () => {
  database = await testDatabase([messagingMigrations, usersMigrations]);
  users = await listenUsers(database.url);
  await signUpPerson(users.origin, login);
});

afterAll(async () => {
  await users.close();
  await database.close();
});

const AUTH = `/oidc/auth?${new URLSearchParams({
  client_id: 'florin-cli',
  redirect_uri: REDIRECT_URI,
  response_type: 'code',
  scope: 'openid bank',
  state: 's',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
})}`;

async function begin() {
  const browser = openBrowser(users.origin);
  const { location } = await browser.get(AUTH);
  return { browser, address: location, uid: location.split('/').at(-1) ?? '' };
}

describe('the pages', () => {
  test('are complete, labelled, and carry nothing the policy forbids', async () => {
    const { browser, address } = await begin();
    for (const page of [await browser.get(address), await browser.get(`${address}/sign-up`)]) {
      expect(page.status).toBe(200);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('x-frame-options')).toBe('DENY');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(page.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1");
      expect(page.text).toContain('<html lang="en">');
      expect(page.text).not.toMatch(/<script|style=|onclick=|javascript:/);
      const inputs = [...page.text.matchAll(/<input id="([^"]+)"/g)].map((match) => match[1]);
      for (const id of inputs) expect(page.text).toContain(`<label for="${id}">`);
    }
  });

  test('what was typed comes back as text, never as markup; the password never', async () => {
    const { browser, address } = await begin();
    const page = await browser.post(address, { login: '"><script>alert(1)</script>', password: 'my typed password' });
    expect(page.status).toBe(401);
    expect(page.text).toContain('role="alert"');
    expect(page.text).not.toContain('<script>');
    expect(page.text).not.toContain('my typed password');
  });

  test('sign up on the way in', async () => {
    const { browser, address } = await begin();
    const form = { name: 'Nora New', email: 'nora@example.com', password: 'short' };
    const weak = await browser.post(`${address}/sign-up`, form);
    expect([weak.status, weak.text.includes('value="nora@example.com"')]).toEqual([422, true]);
    const done = await browser.post(`${address}/sign-up`, { ...form, password: PASSWORD });
    expect(done.status).toBe(303);
    const answer = await browser.get(done.location);
    expect(new URL(answer.location).searchParams.get('code')).toMatch(/\w{20}/);
  });

  test('cancelling goes back to the client without a code', async () => {
    const { browser, address } = await begin();
    const done = await browser.post(`${address}/cancel`, {});
    const answer = await browser.get(done.location);
    expect(new URL(answer.location).searchParams.get('error')).toBe('access_denied');
  });
});

describe('the JSON of the same', () => {
  test('says what is asked, and where to go on', async () => {
    const { browser, address, uid } = await begin();
    const asked = await browser.get(address, JSON_ANSWER);
    expect(JSON.parse(asked.text)).toEqual({
      uid,
      prompt: 'login',
      client: { id: 'florin-cli', name: 'Florin command line' },
    });
    const wrong = await browser.post(address, {}, { ...JSON_ANSWER, 'content-type': 'application/json' });
    expect(wrong.status).toBe(400);
  });

  test.each([
    ['text/plain', 415],
    ['application/json', 400],
  ])('a body of type %s that is no JSON is %i', async (type, status) => {
    const { browser, address } = await begin();
    const answer = await browser.post(address, { login }, { ...JSON_ANSWER, 'content-type': type });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ status, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  test('a body of more than 8 KiB is 413', async () => {
    const { browser, address } = await begin();
    expect((await browser.post(address, { login: 'x'.repeat(9_000) }, JSON_ANSWER)).status).toBe(413);
  });
});

describe('an interaction belongs to one browser', () => {
  test('another browser, another site, another method', async () => {
    const { browser, address } = await begin();
    const stranger = openBrowser(users.origin);
    expect((await stranger.get(address)).status).toBe(404);
    expect((await stranger.post(address, { login, password: PASSWORD }, JSON_ANSWER)).status).toBe(404);
    const evil = { ...JSON_ANSWER, origin: 'https://evil.example' };
    expect((await browser.post(address, { login, password: PASSWORD }, evil)).status).toBe(403);
    expect(
      (await browser.post(address, { login, password: PASSWORD }, { ...JSON_ANSWER, origin: 'null' })).status,
    ).toBe(403);
    const own = { origin: users.origin };
    expect((await browser.post(address, { login, password: PASSWORD }, own)).status).toBe(303);
    expect((await callApi(users.origin, 'DELETE', new URL(address).pathname)).status).toBe(404);
    expect((await callApi(users.origin, 'GET', '/interaction/')).status).toBe(404);
  });

  test('the cookie of one is no key to another, in whichever path it is sent', async () => {
    const mine = await begin();
    const theirs = await begin();
    const cookie = ['florin_interaction', 'florin_interaction.sig']
      .map((name) => `${name}=${mine.browser.cookie(name)}`)
      .join('; ');
    const ask = (address: string) => callApi(users.origin, 'GET', new URL(address).pathname, { headers: { cookie } });
    expect((await ask(mine.address)).status).toBe(200);
    expect((await ask(theirs.address)).status).toBe(404);
  });

  test('the answer is worth nothing in another browser', async () => {
    const { browser, address } = await begin();
    const done = await browser.post(address, { login, password: PASSWORD });
    const stolen = await openBrowser(users.origin).get(done.location);
    expect([stolen.status, stolen.location]).toEqual([400, '']);
  });
});

describe('guessing', () => {
  const guess = async (name: string, password: string) => {
    const { browser, address } = await begin();
    return browser.post(address, { login: name, password }, JSON_ANSWER);
  };

  /** The delay in force is a matter of seconds; moving its end makes a test independent of how fast it runs. */
  const blockFor = (seconds: number) =>
    database.database.execute({
      text: 'UPDATE sign_in_failure SET blocked_until = now() + make_interval(secs => $1)',
      values: [seconds],
    });

  test.each(['victim@example.com', 'nobody-at-all@example.com'])('of %s is slowed down alike', async (name) => {
    const known = name.startsWith('victim');
    if (known) await signUpPerson(users.origin, name);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect((await guess(name, `wrong password ${attempt}`)).status).toBe(401);
    }
    await guess(name, 'wrong password 4');
    const rows = await database.database.query<{ seconds: number }>({
      text: `SELECT extract(epoch FROM blocked_until - last_at)::float8 AS seconds
               FROM sign_in_failure ORDER BY last_at DESC LIMIT 1`,
      values: [],
    });
    expect(rows[0]?.seconds).toBe(1);

    await blockFor(60);
    const answer = await guess(name, 'wrong password 5');
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(50);
    // Even the right password waits, or the delay would tell it; and so does another spelling of the name.
    expect((await guess(name.toUpperCase(), PASSWORD)).status).toBe(429);
    await blockFor(0);
    expect((await guess(name, PASSWORD)).status).toBe(known ? 200 : 401);
  });

  test('in parallel counts one by one', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => guess('flood@example.com', `guess ${at}`)));
    expect(answers.every((answer) => answer.status === 401 || answer.status === 429)).toBe(true);
    const rows = await database.database.query<{ failures: number }>({
      text: 'SELECT failures FROM sign_in_failure ORDER BY last_at DESC LIMIT 1',
      values: [],
    });
    expect(rows[0]?.failures).toBe(answers.filter((answer) => answer.status === 401).length);
  });

  test('is forgotten after a success, and on record', async () => {
    await signUpPerson(users.origin, 'slips@example.com');
    for (let round = 0; round < 3; round += 1) {
      expect((await guess('slips@example.com', 'wrong password')).status).toBe(401);
      expect((await guess('slips@example.com', PASSWORD)).status).toBe(200);
    }
    await users.service.idle();
    const outcomes = users.published
      .filter((event) => event.data['action'] === 'users.sign-in')
      .map((e) => e.data['outcome']);
    expect(outcomes).toContain('done');
    expect(outcomes).toContain('refused');
    expect(JSON.stringify(users.published)).not.toMatch(/example\.com|wrong password|lantern/);
  });
});
