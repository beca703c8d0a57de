import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inProcessFetch } from '../../tools/in-process-fetch.ts';
import { openWebBrowser, type WebBrowser } from '../e2e/web-browser.ts';
import { changesNothing, expectCleanLog, expectProblem } from './answers.ts';
import { type Attack, cookiesOf, PUBLIC_URL, type Seen } from './asking.ts';
import { type AttackedBank, emailOf, newKey, PASSWORD, startAttackedBank } from './attacked-bank.ts';
import { type Cast, castOf, person, settled } from './people.ts';

let attacked: AttackedBank;
let cast: Cast;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
  await settled(attacked);
});
afterAll(() => attacked.close());

const ALICE = emailOf('Alice Attacked');
const REDIRECT_URI = 'http://127.0.0.1/callback';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';

interface Begun {
  /** Where the issuer asks for the password. */
  readonly interaction: string;
  readonly cookie: string;
  readonly verifier: string;
}

function pathOf(address: string): string {
  const { pathname, search } = new URL(address, PUBLIC_URL);
  return `${pathname}${search}`;
}

function cookieHeader(...answers: readonly Seen[]): string {
  return answers.flatMap((seen) => cookiesOf(seen).map((line) => line.split(';', 1)[0] ?? '')).join('; ');
}

/** The first step of a sign-in of a program, up to where it asks who is there. */
async function begin(): Promise<Begun> {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: 'florin-cli',
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid bank',
    state: 'state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const seen = await attacked.ask({ path: `/oidc/auth?${query}` });
  return { interaction: pathOf(String(seen.headers.location)), cookie: cookieHeader(seen), verifier };
}

function type({ interaction, cookie }: Begun, login: string, password: string): Promise<Seen> {
  return attacked.ask({ method: 'POST', path: interaction, headers: { cookie }, body: { login, password } });
}

/** A code of Alice’s, not redeemed yet. */
async function codeOf(login: string): Promise<{ readonly code: string; readonly verifier: string }> {
  const begun = await begin();
  const typed = await type(begun, login, PASSWORD);
  const back = await attacked.ask({ path: pathOf(String(typed.body['location'])), headers: { cookie: begun.cookie } });
  const code = new URL(String(back.headers.location)).searchParams.get('code') ?? '';
  return { code, verifier: begun.verifier };
}

function token(form: Readonly<Record<string, string>>): Promise<Seen> {
  const text = new URLSearchParams({ client_id: 'florin-cli', ...form }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return attacked.ask({ method: 'POST', path: '/oidc/token', text, headers });
}

const redeem = ({ code, verifier }: { readonly code: string; readonly verifier: string }) =>
  token({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: REDIRECT_URI });
const refresh = (refreshToken: unknown) => token({ grant_type: 'refresh_token', refresh_token: String(refreshToken) });
const isAlive = async (accessToken: unknown) =>
  (await attacked.ask({ path: '/v1/me', token: String(accessToken) })).status === 200;

describe('what may be used once', () => {
  it('T09: a code, ten times at once: one of them at most, and what came of it is dead', async () => {
    const code = await codeOf(ALICE);
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(code)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good.length).toBeLessThanOrEqual(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant').length).toBeGreaterThanOrEqual(9);
    for (const { body } of good) {
      await vi.waitUntil(async () => !(await isAlive(body['access_token'])), { timeout: 10_000 });
      expect((await refresh(body['refresh_token'])).body['error']).toBe('invalid_grant');
    }
  });

  it('T10: an old refresh token ends the whole family, and is on record', async () => {
    const first = (await redeem(await codeOf(ALICE))).body;
    const second = (await refresh(first['refresh_token'])).body;
    expect(await isAlive(second['access_token'])).toBe(true);
    await attacked.stores.mark();
    expect((await refresh(first['refresh_token'])).body['error']).toBe('invalid_grant');
    expect((await refresh(second['refresh_token'])).body['error']).toBe('invalid_grant');
    await vi.waitUntil(async () => !(await isAlive(second['access_token'])), { timeout: 10_000 });
    expect((await attacked.audits()).map(({ outcome, reason }) => [outcome, reason])).toContainEqual([
      'refused',
      expect.stringMatching(/./),
    ]);
  });

  it('T11: one refresh token ten times at once: one of them at most', async () => {
    const first = (await redeem(await codeOf(ALICE))).body;
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(first['refresh_token'])));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });
});

describe('T14: a sign-in of another browser', () => {
  it('T14: is not there: neither what it asks, nor its answer, nor a way to call it off', async () => {
    const hers = await begin();
    const his = await begin();
    const asked: readonly Attack[] = [
      { path: hers.interaction },
      { method: 'POST', path: hers.interaction, body: { login: ALICE, password: PASSWORD } },
      { method: 'POST', path: `${hers.interaction}/cancel` },
    ];
    for (const attack of asked) {
      expectProblem(await attacked.ask(attack), 404, 'interaction-not-found');
      const withHis = { ...attack, headers: { cookie: his.cookie } };
      expectProblem(await attacked.ask(withHis), 404, 'interaction-not-found');
      const fromElsewhere = { ...attack, headers: { cookie: hers.cookie, origin: 'http://evil.example' } };
      if (attack.method === 'POST') expectProblem(await attacked.ask(fromElsewhere), 403);
    }
    // It is still there for whoever began it.
    expect((await type(hers, ALICE, PASSWORD)).status).toBe(200);
  });

  it('T14: a code that somebody slips to a browser signs nobody in', async () => {
    const { code } = await codeOf(emailOf('Bob Burglar'));
    const browser = browserOf(attacked).browser;
    await browser.open('/session/login');
    for (const state of ['', 'state', 'guess']) {
      const query = new URLSearchParams({ code, state, iss: PUBLIC_URL });
      const seen = await browser.send('GET', `/session/callback?${query}`);
      expect([seen.status, seen.body['code']]).toEqual([400, 'sign-in-failed']);
    }
    expect((await browser.send('GET', '/session')).body['user']).toBeNull();
  });
});

/** A browser, and what it last sent of what only it knows. */
function browserOf({ bank }: AttackedBank): { browser: WebBrowser; sent: { cookie: string; csrf: string } } {
  const sent = { cookie: '', csrf: '' };
  const fetch = inProcessFetch(bank.gateway);
  const browser = openWebBrowser(
    PUBLIC_URL,
    (address, init) => {
      if (address.includes('/v1/')) {
        sent.cookie = init.headers['cookie'] ?? '';
        sent.csrf = init.headers['x-florin-csrf'] ?? sent.csrf;
      }
      return fetch(address, init);
    },
    FIREFOX,
  );
  return { browser, sent };
}

/** Alice in her browser, with the cookie and the value that her page knows. */
async function alicesBrowser() {
  const { browser, sent } = browserOf(attacked);
  await browser.signIn(ALICE, PASSWORD);
  await browser.send('POST', '/v1/payee-checks', { iban: cast.carol.iban, name: 'Carol' });
  return { browser, ...sent };
}

describe('T37: changes that another page asks Alice’s browser for', () => {
  it('T37: none of them is done', async () => {
    const { alice, carol } = cast;
    const { cookie, csrf } = await alicesBrowser();
    expect(csrf).not.toBe('');
    const body = { fromAccountId: alice.accountId, toIban: carol.iban, amount: { amount: '1.00', currency: 'EUR' } };
    const text = JSON.stringify(body);
    const post = (headers: Readonly<Record<string, string>>) =>
      attacked.ask({
        method: 'POST',
        path: '/v1/transfers',
        key: newKey(),
        text,
        headers: { 'content-type': 'application/json', cookie, ...headers },
      });
    const refused: readonly Readonly<Record<string, string>>[] = [
      {},
      { origin: 'http://evil.example' },
      { origin: 'http://evil.example', 'x-florin-csrf': csrf },
      { origin: 'null', 'x-florin-csrf': csrf },
      { origin: `${PUBLIC_URL}.evil.example`, 'x-florin-csrf': csrf },
      { origin: PUBLIC_URL },
      { origin: PUBLIC_URL, 'x-florin-csrf': 'guess' },
      { origin: PUBLIC_URL, 'content-type': 'text/plain' },
      { origin: PUBLIC_URL, 'content-type': 'application/x-www-form-urlencoded' },
    ];
    await settled(attacked);
    await changesNothing(attacked, async () => {
      for (const headers of refused) expectProblem(await post(headers), 403, 'csrf-refused');
      for (const path of ['/session/logout', '/v1/notifications/read-all']) {
        const attack = { method: 'POST', path, headers: { cookie, origin: 'http://evil.example' } } as const;
        expectProblem(await attacked.ask(attack), 403);
      }
    });
    expect((await post({ origin: PUBLIC_URL, 'x-florin-csrf': csrf })).status).toBe(201);
  });

  it('T37: a token beside the cookie is ambiguous, so nobody chooses for the victim', async () => {
    const { cookie } = await alicesBrowser();
    const seen = await attacked.ask({ path: '/v1/me', token: cast.bob.token, headers: { cookie } });
    expectProblem(seen, 400, 'ambiguous-credentials');
  });
});

describe('T37: another origin that wants to read', () => {
  const PATHS = [
    '/v1/me',
    '/v1/transfers',
    '/session',
    '/oidc/token',
    '/oidc/jwks',
    '/oidc/userinfo',
    '/oidc/revoke',
    '/',
  ];

  it.each(PATHS)('T37: is not let near %s', async (path) => {
    const origin = { origin: 'http://evil.example' };
    const preflight = { ...origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'dpop' };
    for (const attack of [
      { method: 'OPTIONS', path, headers: preflight },
      { path, headers: origin, token: cast.alice.token },
      { method: 'POST', path, headers: origin, text: '' },
    ] as const) {
      const { headers } = await attacked.ask(attack);
      expect(headers['access-control-allow-origin'], JSON.stringify(attack)).toBeUndefined();
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
  });
});

describe('T15: the session of a browser', () => {
  it('T15: has another cookie after each sign-in, that scripts and other sites do not get', async () => {
    const [one, two] = [await alicesBrowser(), await alicesBrowser()];
    expect(one.cookie).not.toBe(two.cookie);
    const fetch = inProcessFetch(attacked.bank.gateway);
    const lines: string[] = [];
    const browser = openWebBrowser(
      PUBLIC_URL,
      async (address, init) => {
        const answer = await fetch(address, init);
        lines.push(...answer.headers.getSetCookie());
        return answer;
      },
      FIREFOX,
    );
    await browser.signIn(ALICE, PASSWORD);
    for (const line of lines) {
      expect(line).toMatch(/; *httponly/i);
      expect(line).toMatch(/; *samesite=(lax|strict)/i);
    }
  });

  it('T15: a cookie that was set before the sign-in is worth nothing after it', async () => {
    const fixed = `florin_sid=${'a'.repeat(43)}`;
    const { browser } = browserOf(attacked);
    await browser.signIn(ALICE, PASSWORD);
    expectProblem(await attacked.ask({ path: '/v1/me', headers: { cookie: fixed } }), 401, 'unauthenticated');
  });

  it('T15: is over when it is signed out, and no page of it is kept; a link can not do that', async () => {
    const { browser, cookie } = await alicesBrowser();
    const me = () => attacked.ask({ path: '/v1/me', headers: { cookie } });
    expect((await attacked.ask({ path: '/session/logout', headers: { cookie } })).status).toBe(405);
    const before = await me();
    expect([before.status, before.headers['cache-control']]).toEqual([200, 'no-store']);
    expect((await browser.send('POST', '/session/logout')).status).toBe(204);
    await vi.waitUntil(async () => (await me()).status === 401, { timeout: 10_000 });
  });
});

describe('T20: passwords', () => {
  const signUp = (password: string, email: string) =>
    attacked.ask({ method: 'POST', path: '/v1/users', body: { email, password, name: 'Paula Password' } });

  it.each([
    ['too short', 'sevench'],
    ['one of the first that would be tried', 'password1234'],
    ['the name of the bank and a year', 'FlorinBank2026!'],
    ['letters of a keyboard', 'qwertyuiop12'],
    ['longer than any of ours', 'long enough '.repeat(12)],
  ])('T20: %s', async (_, password) => {
    const seen = await changesNothing(attacked, () => signUp(password, 'paula.refused@example.com'));
    expectProblem(seen, 422, 'password-too-weak');
    expect(seen.text).not.toContain(password);
  });

  it('T20: sixty-four letters of any alphabet do, all of them count, and a megabyte is not read', async () => {
    const long = 'пароль秘密κωδικός'.repeat(5).slice(0, 64);
    expect((await signUp(long, 'paula.long@example.com')).status).toBe(201);
    expect((await type(await begin(), 'paula.long@example.com', `${long.slice(0, 63)}x`)).status).toBe(401);
    expect((await type(await begin(), 'paula.long@example.com', long)).status).toBe(200);
    expectProblem(await signUp('x'.repeat(1_000_000), 'paula.large@example.com'), 413, 'body-too-large');
  });
});

const median = (numbers: readonly number[]) => numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 0;

describe('T22: who banks here', () => {
  const NOBODY = 'nobody.at.all@example.com';

  it('T22: a wrong password and an unknown address are one answer: body, status, headers and cookies', async () => {
    const [known, unknown] = [
      await type(await begin(), ALICE, 'wrong password of hers'),
      await type(await begin(), NOBODY, 'wrong password of hers'),
    ];
    expectProblem(known, 401, 'wrong-credentials');
    const { traceId: _one, ...knownBody } = known.body;
    const { traceId: _other, ...unknownBody } = unknown.body;
    expect(knownBody).toEqual(unknownBody);
    expect(Object.keys(known.headers).sort()).toEqual(Object.keys(unknown.headers).sort());
    expect(cookiesOf(known).map((line) => line.replace(/=[^;]*/, ''))).toEqual(
      cookiesOf(unknown).map((line) => line.replace(/=[^;]*/, '')),
    );
  });

  /** Pairs, one after the other, so that whatever else the machine does hits both alike. */
  const PAIRS = 40;
  /** Three failures of a name are free of delay. */
  const PEOPLE = 14;

  it('T22: nor can they be told apart by the time that they take', async () => {
    const names = Array.from({ length: PEOPLE }, (_, index) => `Tim Timed ${index}`);
    for (const name of names) await person(attacked, name, ['customer']);
    const [known, unknown]: [number[], number[]] = [[], []];
    const measure = async (times: number[], login: string) => {
      const begun = await begin();
      const startedAt = performance.now();
      expect((await type(begun, login, 'wrong password of theirs')).status).toBe(401);
      times.push(performance.now() - startedAt);
    };
    for (let pair = 0; pair < PAIRS; pair += 1) {
      await measure(known, emailOf(names[pair % PEOPLE] ?? ''));
      await measure(unknown, `unknown.${pair % PEOPLE}@example.com`);
    }
    const ratio = median(known) / median(unknown);
    expect(ratio).toBeLessThan(1.5);
    expect(1 / ratio).toBeLessThan(1.5);
  });

  it('T22: guesses are on record, without what was typed', async () => {
    await attacked.stores.mark();
    await type(await begin(), NOBODY, 'canary-password-guessed');
    const records = await attacked.audits();
    expect(records).toMatchObject([{ actor: 'anonymous', action: 'users.sign-in', outcome: 'refused' }]);
    expect(JSON.stringify(records)).not.toMatch(/canary-password|nobody\.at\.all/);
  });
});

it('T47: nothing secret was logged on the way', () => {
  expectCleanLog(attacked);
});
