import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesNothing, expectCleanLog, expectNothingOfOurs, expectProblem } from './answers.ts';
import { askThrough } from './asking.ts';
import { type AttackedBank, newKey, startAttackedBank } from './attacked-bank.ts';
import { exchangeBytes, openSilent, statusesIn } from './bytes.ts';
import { type Cast, castOf } from './people.ts';

let attacked: AttackedBank;
let cast: Cast;
let port = 0;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
  ({ port } = await attacked.listen());
});
afterAll(() => attacked.close());

const HOST = 'Host: localhost:8080\r\n';
/** What an attacker would like a victim’s connection to carry. */
const SMUGGLED = 'GET /v1/products HTTP/1.1\r\nHost: localhost:8080\r\n\r\n';

describe('T41: bytes that two readers take for different requests', () => {
  const length = SMUGGLED.length;
  const post = `POST /v1/payee-checks HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
  it.each([
    [
      'a length and chunks',
      `${post}Content-Length: ${length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    ['two lengths', `${post}Content-Length: 0\r\nContent-Length: ${length}\r\n\r\n${SMUGGLED}`],
    ['a length that is a list', `${post}Content-Length: 0, ${length}\r\n\r\n${SMUGGLED}`],
    ['chunks by another name', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['chunks twice', `${post}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['a space before the colon', `${post}Content-Length : ${length}\r\n\r\n${SMUGGLED}`],
    ['a folded line', `${post}X-Folded: one\r\n Content-Length: ${length}\r\n\r\n${SMUGGLED}`],
    ['a bare line feed', `POST /v1/payee-checks HTTP/1.1\n${HOST}Content-Length: 0\n\n${SMUGGLED}`],
    ['a negative length', `${post}Content-Length: -1\r\n\r\n${SMUGGLED}`],
    ['a length in hexadecimal', `${post}Content-Length: 0x10\r\n\r\n${SMUGGLED}`],
    ['a chunk size beyond all', `${post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n${SMUGGLED}`],
    ['two hosts', `GET /v1/me HTTP/1.1\r\n${HOST}Host: evil.example\r\nConnection: close\r\n\r\n`],
    ['no host', 'GET /v1/me HTTP/1.1\r\n\r\n'],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ])('T41: %s', async (_, bytes) => {
    const answers = await exchangeBytes(port, bytes);
    const statuses = statusesIn(answers);
    // One refusal, and the connection is over: nothing behind it is taken for a request.
    expect([statuses.length, statuses.every((status) => status >= 400 && status < 500)], answers).toEqual([1, true]);
    expect(answers).not.toContain('current-eur');
    expectNothingOfOurs(answers);
  });

  it('T41: two hosts are refused as such, whoever asks (RFC 9112, section 3.2)', async () => {
    for (const path of ['/v1/products', '/oidc/jwks', '/v1/me']) {
      const hosts = `${HOST}Host: evil.example\r\nAuthorization: Bearer ${cast.alice.token}\r\nConnection: close\r\n`;
      expect(statusesIn(await exchangeBytes(port, `GET ${path} HTTP/1.1\r\n${hosts}\r\n`))).toEqual([400]);
    }
  });

  it('T41: requests that follow one another are each asked who they are', async () => {
    const first = `GET /v1/me HTTP/1.1\r\n${HOST}Authorization: Bearer ${cast.alice.token}\r\n\r\n`;
    const second = `GET /v1/me HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
    const answers = await exchangeBytes(port, first + second);
    expect(statusesIn(answers)).toEqual([200, 401]);
  });
});

describe('T42: paths that can be read in two ways', () => {
  it.each([
    '/v1/../internal/revocations',
    '/v1/./me',
    '/v1/%2e%2e/internal/revocations',
    '/v1%2fme',
    '/v1/accounts%2f..%2f..%2finternal',
    '/v1\\me',
    '/v1/me%00',
    '/v1//me',
    '//v1/me',
    '/v1/me;x=1',
    '/v1/me%5c',
    '/v1/me%253f',
    '/v1/me%0d%0aX-Injected:%201',
    '/v1/me/%2e',
    'http://evil.example/v1/me',
    '*',
  ])('T42: %s', async (path) => {
    const request = `GET ${path} HTTP/1.1\r\n${HOST}Authorization: Bearer ${cast.alice.token}\r\nConnection: close\r\n\r\n`;
    const answers = await exchangeBytes(port, request);
    expect(statusesIn(answers), answers).toEqual([400]);
    expect(answers).not.toContain(cast.alice.id);
    expect(answers).not.toMatch(/^x-injected/im);
  });

  it.each([
    '/internal/revocations?cursor=0',
    '/INTERNAL/revocations',
    '/v1/internal/revocations',
    '/metrics',
    '/health/ready',
  ])('T42: %s is not behind the public door', async (path) => {
    expectProblem(await attacked.askPort({ path, token: cast.staff.admin.token }), 404, 'not-found');
  });
});

describe('T43: bodies that are too much', () => {
  const send = (text: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
    attacked.askPort({
      method: 'POST',
      path: '/v1/transfers',
      token: cast.alice.token,
      key: newKey(),
      text,
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('T43: of two megabytes, compressed, deeper than anybody goes, and with ten thousand names', async () => {
    await changesNothing(attacked, async () => {
      expectProblem(await send(`"${'x'.repeat(2_000_000)}"`), 413, 'body-too-large');
      const bomb = gzipSync(Buffer.alloc(10_000_000));
      expectProblem(await send(bomb, { 'content-encoding': 'gzip' }), 415, 'unsupported-media-type');
      expectProblem(await send('['.repeat(30_000) + ']'.repeat(30_000)), 400);
      expectProblem(await send(`{"a":${'['.repeat(200_000)}`), 413);
      const names = Array.from({ length: 5_000 }, (_, index) => `"k${index}":1`).join(',');
      expectProblem(await send(`{${names}}`), 400, 'invalid-request');
      expectProblem(await send('{}', { 'content-type': 'application/xml' }), 415, 'unsupported-media-type');
    });
    expect((await attacked.askPort({ path: '/v1/me', token: cast.alice.token })).status).toBe(200);
  });

  it('T43: words that make a pattern go on for ever are answered like any other', async () => {
    const { alice, bob } = cast;
    const evil = [`${'a'.repeat(90)}!`, `${' '.repeat(90)}x`, '('.repeat(90), `${'a@'.repeat(45)}`];
    for (const q of evil) {
      const seen = await attacked.askPort({
        path: `/v1/customers?q=${encodeURIComponent(q)}`,
        token: cast.staff.teller.token,
      });
      expect([200, 400]).toContain(seen.status);
      const iban = q.slice(0, 42).padEnd(15, 'A');
      const check = { method: 'POST', path: '/v1/payee-checks', token: bob.token, body: { iban, name: q } } as const;
      expect([400, 422, 429]).toContain((await attacked.askPort(check)).status);
      const rename = {
        method: 'PATCH',
        path: `/v1/accounts/${alice.accountId}`,
        token: bob.token,
        body: { name: 'x'.repeat(60) },
      } as const;
      expect((await attacked.askPort(rename)).status).toBe(404);
    }
  });
});

describe('T44: peers that are slow on purpose', () => {
  it('T44: hundreds of them keep nobody else waiting, and are sent away', async () => {
    const heads = openSilent(port, 200, `GET /v1/me HTTP/1.1\r\n${HOST}X-Slow:`);
    const bodies = openSilent(
      port,
      200,
      `POST /v1/payee-checks HTTP/1.1\r\n${HOST}Authorization: Bearer ${cast.bob.token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );
    const slow = exchangeBytes(port, `GET /v1/me HTTP/1.1\r\n${HOST}X-Slow:`, 30_000);
    for (let round = 0; round < 50; round += 1) {
      expect((await attacked.askPort({ path: '/v1/me', token: cast.alice.token })).status).toBe(200);
    }
    expect(statusesIn(await slow)).toEqual([408]);
    for (const socket of [...heads, ...bodies]) socket.destroy();
  });
});

const BURST = 100;
const NEVER_REFILLED = 0.000_001;

describe('T45, T46: limits', () => {
  it('T46: of five hundred at once, as many as the limit says are let in', async () => {
    const door = await attacked.bank.openSideDoor({ caller: { ratePerSecond: NEVER_REFILLED, burst: BURST } });
    const ask = askThrough(door);
    const seen = await Promise.all(Array.from({ length: 500 }, () => ask({ path: '/v1/me', token: cast.bob.token })));
    expect(seen.filter(({ status }) => status === 200)).toHaveLength(BURST);
    const refused = seen.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(500 - BURST);
    expectProblem(refused[0] as (typeof refused)[number], 429, 'rate-limited');
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('T45: no spelling of an address, a path or a token gets round them', async () => {
    const door = await attacked.bank.openSideDoor({ caller: { ratePerSecond: NEVER_REFILLED, burst: 1 } });
    const ask = askThrough(door);
    const { carol } = cast;
    expect((await ask({ path: '/v1/me', token: carol.token })).status).toBe(200);
    const another = await attacked.forge.token(carol.id, ['customer']);
    for (const attack of [
      { path: '/v1/me?x=1' },
      { path: '/v1/m%65' },
      { path: '/v1/accounts' },
      { path: '/v1/me', method: 'HEAD' as const },
      { path: '/v1/me', token: another },
      { path: '/v1/me', headers: { 'x-forwarded-for': '203.0.113.7' } },
      { path: '/v1/me', headers: { forwarded: 'for=203.0.113.7' } },
      { path: '/v1/me', headers: { 'x-real-ip': '203.0.113.7' } },
    ]) {
      expect((await ask({ token: carol.token, ...attack })).status, JSON.stringify(attack)).toBe(429);
    }
  });

  it('T45: guessing names is one limit, whatever the name and whoever says to have sent it', async () => {
    const limit = { ratePerSecond: NEVER_REFILLED, burst: 5 };
    const door = await attacked.bank.openSideDoor({ signIn: limit });
    const ask = askThrough(door);
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess += 1) {
      const body = { login: `guess.${guess}@example.com`, password: 'whatever it is' };
      const headers = { 'x-forwarded-for': `203.0.113.${guess}` };
      statuses.push((await ask({ method: 'POST', path: '/interaction/none', body, headers })).status);
    }
    expect(statuses.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 404));
    expect(new Set(statuses.slice(5))).toEqual(new Set([429]));
  });
});

it('T47: nothing secret was logged on the way', () => {
  expectCleanLog(attacked);
});
