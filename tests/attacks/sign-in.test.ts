import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inProcessFetch } from '../../tools/in-process-fetch.ts';
import { openWebBrowser, type WebBrowser } from '../e2e/web-browser.ts';
import { changesNothing, expectCleanLog, expectProblem } from './answers.ts';
import { type Attack, PUBLIC_URL } from './asking.ts';
import { type AttackedBank, emailOf, newKey, PASSWORD, startAttackedBank } from './attacked-bank.ts';
import { type Cast, castOf } from './people.ts';
import { type Begun, type SignInSteps, signInSteps } from './sign-in-steps.ts';

let attacked: AttackedBank;
let cast: Cast;
let steps: SignInSteps;
beforeAll(async () => {
  attacked = await startAttackedBank();
  steps = signInSteps(attacked.ask);
  cast = await castOf(attacked);
});
afterAll(() => attacked.close());

const ALICE = emailOf('Alice Attacked');
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';

const begin = () => steps.begin();
const type = (begun: Begun, login: string, password: string) => steps.type(begun, login, password);
const codeOf = (login: string) => steps.codeOf(login, PASSWORD);
const isAlive = async (accessToken: unknown) =>
  (await attacked.ask({ path: '/v1/me', token: String(accessToken) })).status === 200;

describe('what may be used once', () => {
  it('T09: a code, ten times at once: one of them at most, and what came of it is dead', async () => {
    const code = await codeOf(ALICE);
    const answers = await Promise.all(Array.from({ length: 10 }, () => steps.redeem(code)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good.length).toBeLessThanOrEqual(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant').length).toBeGreaterThanOrEqual(9);
    for (const { body } of good) {
      await vi.waitUntil(async () => !(await isAlive(body['access_token'])), { timeout: 10_000 });
      expect((await steps.refresh(body['refresh_token'])).body['error']).toBe('invalid_grant');
    }
  });

  it('T10: an old refresh token ends the whole family, and is on record', async () => {
    const first = (await steps.redeem(await codeOf(ALICE))).body;
    const second = (await steps.refresh(first['refresh_token'])).body;
    expect(await isAlive(second['access_token'])).toBe(true);
    await attacked.stores.mark();
    expect((await steps.refresh(first['refresh_token'])).body['error']).toBe('invalid_grant');
    expect((await steps.refresh(second['refresh_token'])).body['error']).toBe('invalid_grant');
    await vi.waitUntil(async () => !(await isAlive(second['access_token'])), { timeout: 10_000 });
    expect((await attacked.audits()).map(({ outcome, reason }) => [outcome, reason])).toContainEqual([
      'refused',
      expect.stringMatching(/./),
    ]);
  });

  it('T11: one refresh token ten times at once: one of them at most', async () => {
    const first = (await steps.redeem(await codeOf(ALICE))).body;
    const answers = await Promise.all(Array.from({ length: 10 }, () => steps.refresh(first['refresh_token'])));
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

it('T47: nothing secret was logged on the way', () => {
  expectCleanLog(attacked);
});
