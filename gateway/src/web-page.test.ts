import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type Bank, openBank } from './bank-fixture.ts';
import type { RawHeader } from './raw-client-fixture.ts';
import { ask, INDEX, makeBuild, type WireAnswer } from './web-build-fixture.ts';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-NONCE'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const build = makeBuild();
let bank: Bank;
beforeAll(async () => {
  bank = await openBank('in-process', { webClient: { folder: build.folder } });
});
afterAll(async () => {
  await bank.close();
  build.remove();
});
beforeEach(() => {
  bank.seen.length = 0;
});

const policyOf = ({ headers }: WireAnswer) => String(headers['content-security-policy']);
const nonceOf = (answer: WireAnswer) => /'nonce-([^']+)'/.exec(policyOf(answer))?.[1] ?? '';
const filled = (nonce: string) => INDEX.replaceAll('__CSP_NONCE__', nonce);

describe('a page of the web client', () => {
  it.each([
    '/',
    '/?from=mail',
    '/accounts',
    `/accounts/${ACCOUNT}`,
    `/accounts/${ACCOUNT}/statements/2026-05`,
    '/send',
    '/send?to=bob',
    '/payees',
    '/standing-orders',
    '/standing-orders/new',
    '/profile',
    '/sessions',
    '/staff',
    '/staff/customers/1',
    '/sign-in/Zm9v_-x',
    '/sign-up/Zm9v_-x',
    '/signed-out',
    '/docs',
  ])('%s is index.html with a nonce of its own', async (path) => {
    const answer = await ask(bank.port, path);
    expect(answer.status).toBe(200);
    const nonce = nonceOf(answer);
    expect(nonce).toMatch(/^[\w-]{22}$/);
    expect(answer.bytes.toString()).toBe(filled(nonce));
    expect(policyOf(answer)).toBe(POLICY.replace('NONCE', nonce));
  });

  it('never has a nonce twice', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(bank.port, '/')));
    expect(new Set(answers.map(nonceOf)).size).toBe(30);
  });

  it('is kept by nobody, and says what a browser may do with it', async () => {
    const { headers } = await ask(bank.port, '/', { 'if-none-match': '*' });
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('geolocation=()'),
      vary: 'accept-encoding',
    });
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('set-cookie');
    expect(Object.keys(headers).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  });

  it('comes in gzip when it may, with the nonce of its head', async () => {
    const answer = await ask(bank.port, '/', { 'accept-encoding': 'gzip, deflate, br' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.bytes.length).toBeLessThan(INDEX.length / 2);
    expect(gunzipSync(answer.bytes).toString()).toBe(filled(nonceOf(answer)));
    const plain = await ask(bank.port, '/', { 'accept-encoding': 'gzip;q=0' });
    expect(plain.headers).not.toHaveProperty('content-encoding');
  });

  it('answers HEAD without a body', async () => {
    const answer = await ask(bank.port, '/accounts', {}, 'HEAD');
    expect([answer.status, answer.bytes.length]).toEqual([200, 0]);
    expect(answer.headers['content-length']).toBe(String(filled(nonceOf(answer)).length));
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('%s is not allowed', async (method) => {
    for (const path of ['/', '/accounts', `/accounts/${ACCOUNT}/statements`, '/sign-in/uid']) {
      const answer = await bank.send(method, path, [['Accept', HTML.accept]]);
      expect(answer).toMatchObject({ status: 405, code: 'method-not-allowed' });
      expect(answer.headers['allow']).toBe('GET, HEAD');
    }
  });

  it('asks nobody who is there: a cookie, a token and both are the client to find out about', async () => {
    const credentials: RawHeader[] = [
      ['Cookie', 'florin_sid=sid-1'],
      ['Authorization', 'Bearer a.b.c'],
    ];
    expect((await bank.send('GET', '/accounts', credentials)).status).toBe(200);
    expect(bank.sessions.asked).toBe(0);
    expect(bank.seen).toEqual([]);
  });

  it('on https asks for nothing over http', async () => {
    const secure = await openBank('in-process', {
      webClient: { folder: build.folder },
      publicUrl: 'https://bank.test',
    });
    const answer = await ask(secure.port, '/');
    await secure.close();
    expect(policyOf(answer)).toBe(`${POLICY.replace('NONCE', nonceOf(answer))}; upgrade-insecure-requests`);
    expect(answer.headers['strict-transport-security']).toContain('max-age=31536000');
  });
});

describe('a page that is not there', () => {
  it.each(['/nothing', '/accountsx', '/send/', '/sessionx', '/v1x', '/metrics', '/.stamp', '/index.html'])(
    '%s is 404 for a browser, with the page that says so',
    async (path) => {
      const answer = await ask(bank.port, path, HTML);
      expect(answer.status).toBe(404);
      const nonce = nonceOf(answer);
      expect(answer.bytes.toString()).toBe(filled(nonce));
      expect(policyOf(answer)).toBe(POLICY.replace('NONCE', nonce));
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store' });
    },
  );

  it.each([undefined, '*/*', 'application/json', 'text/plain'])('is a problem for who takes %s', async (accept) => {
    const headers: RawHeader[] = accept === undefined ? [] : [['Accept', accept]];
    expect(await bank.send('GET', '/nothing', headers)).toMatchObject({ status: 404, code: 'not-found' });
  });

  it.each(['/v1/nothing', '/v1', '/internal/holds', '/openapi.json/x', '/assets/x'])(
    '%s is a problem for everybody',
    async (path) => {
      const answer = await bank.send('GET', path, [['Accept', HTML.accept]]);
      expect(answer).toMatchObject({ status: 404, code: 'not-found' });
    },
  );

  it('is a problem for a change', async () => {
    const answer = await bank.send('POST', '/nothing', [['Accept', HTML.accept]], '{}');
    expect(answer).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('is logged and measured as what it is', async () => {
    bank.lines.length = 0;
    await ask(bank.port, '/nothing', HTML);
    await expect.poll(() => bank.lines.length).toBe(1);
    expect(JSON.parse(bank.lines[0] ?? '')).toMatchObject({ route: 'unmatched', status: 404, outcome: 'not-found' });
  });
});

describe('beside the web client', () => {
  it('the API answers as it did', async () => {
    const bearer: RawHeader = ['Authorization', `Bearer ${await bank.tokenOf()}`];
    const accept: RawHeader = ['Accept', HTML.accept];
    const served = await bank.send('GET', '/v1/accounts', [bearer, accept]);
    expect(served).toMatchObject({ status: 200, body: { answered: 'accounts' } });
    expect(served.headers).toMatchObject({ 'ratelimit-limit': '400', 'cache-control': 'no-store' });
    expect(served.headers).not.toHaveProperty('content-security-policy');
    const refused = await bank.send('GET', '/v1/accounts', [accept]);
    expect(refused).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await bank.send('GET', '/openapi.json', [accept])).body['openapi']).toBe('3.1.0');
  });

  it.each(['/oidc/auth', '/.well-known/openid-configuration', '/interaction/uid', '/session', '/session/login'])(
    '%s is the issuer',
    async (path) => {
      const answer = await bank.send('GET', path, [['Accept', HTML.accept]]);
      expect(answer).toMatchObject({ status: 200, text: 'a page of the issuer' });
      expect(bank.seen[0]?.url).toBe(path);
    },
  );
});

it('pages and files count against the limit of the address, and a refusal says so', async () => {
  const small = await openBank('in-process', {
    webClient: { folder: build.folder },
    limits: { address: { ratePerSecond: 1, burst: 3 } },
  });
  const paths = ['/', '/favicon.svg', '/nothing', '/', '/favicon.svg'];
  const answers: WireAnswer[] = [];
  for (const path of paths) answers.push(await ask(small.port, path, HTML));
  await small.close();
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 429, 429]);
  expect(answers.at(-1)?.headers).toMatchObject({ 'retry-after': '1', 'ratelimit-limit': '3' });
});
