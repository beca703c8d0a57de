import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bank, openBank } from './bank-fixture.ts';
import { ask, FAVICON, FONT, MADE_BEFORE, makeBuild, SCRIPT, STYLES } from './web-build-fixture.ts';

const APP = '/assets/app-Ab12_-34.js';
const CSS = '/assets/app-Cd56.css';
const BROWSER = { 'accept-encoding': 'gzip, deflate, br, zstd', accept: '*/*' };

const build = makeBuild();
build.link('assets/link-Gh90.js', fileURLToPath(import.meta.url));
let bank: Bank;
beforeAll(async () => {
  bank = await openBank('in-process', { webClient: { folder: build.folder } });
});
afterAll(async () => {
  await bank.close();
  build.remove();
});

describe('a file of the web client', () => {
  it('comes compressed by how the browser asks, and decompresses to itself', async () => {
    const [brotli, gzip, plain] = await Promise.all([
      ask(bank.port, APP, BROWSER),
      ask(bank.port, APP, { 'accept-encoding': 'gzip' }),
      ask(bank.port, APP),
    ]);
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.bytes).toString()).toBe(SCRIPT);
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.bytes).toString()).toBe(SCRIPT);
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.bytes.toString()).toBe(SCRIPT);
    for (const { status, headers, bytes } of [brotli, gzip, plain]) {
      expect(status).toBe(200);
      expect(headers['content-length']).toBe(String(bytes.length));
      expect(headers['vary']).toBe('accept-encoding');
    }
  });

  it('is sent as the build compressed it, where it did', async () => {
    expect((await ask(bank.port, CSS, BROWSER)).bytes).toEqual(MADE_BEFORE.br);
    expect((await ask(bank.port, CSS, { 'accept-encoding': 'gzip' })).bytes).toEqual(MADE_BEFORE.gzip);
    expect((await ask(bank.port, CSS, { 'accept-encoding': 'br;q=0, gzip;q=0' })).bytes.toString()).toBe(STYLES);
  });

  it('that is small, or compressed in itself, comes as it is', async () => {
    const font = await ask(bank.port, '/assets/inter-Ef78.woff2', BROWSER);
    expect(font.bytes).toEqual(FONT);
    const icon = await ask(bank.port, '/favicon.svg', BROWSER);
    expect(icon.bytes.toString()).toBe(FAVICON);
    for (const { headers } of [font, icon]) {
      expect(headers).not.toHaveProperty('content-encoding');
      expect(headers).not.toHaveProperty('vary');
    }
  });

  it.each([
    [APP, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    [CSS, 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/inter-Ef78.woff2', 'font/woff2', 'public, max-age=31536000, immutable'],
    ['/favicon.svg', 'image/svg+xml', 'no-cache'],
    ['/robots.txt', 'text/plain; charset=utf-8', 'no-cache'],
  ])('%s is %s, kept: %s', async (path, contentType, cacheControl) => {
    const { status, headers } = await ask(bank.port, path, BROWSER);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': contentType,
      'cache-control': cacheControl,
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=(), '),
    });
    // In a cache these would tell everybody what one address has left.
    expect(Object.keys(headers).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it('is not sent again to who has it, in the coding that was asked for', async () => {
    const tags = new Set<unknown>();
    for (const acceptEncoding of ['br', 'gzip', 'identity']) {
      const headers = { 'accept-encoding': acceptEncoding };
      const etag = String((await ask(bank.port, APP, headers)).headers['etag']);
      expect(etag).toMatch(/^"[\w-]+"$/);
      tags.add(etag);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await ask(bank.port, APP, { ...headers, 'if-none-match': known });
        expect([known, again.status, again.bytes.length]).toEqual([known, 304, 0]);
        expect(again.headers).toMatchObject({
          etag,
          vary: 'accept-encoding',
          'cache-control': expect.stringContaining('immutable'),
        });
        expect(again.headers).not.toHaveProperty('content-encoding');
      }
      const other = await ask(bank.port, APP, { ...headers, 'if-none-match': '"other", nonsense' });
      expect(other.status).toBe(200);
    }
    // A strong tag names the bytes on the wire, so each coding has its own.
    expect(tags.size).toBe(3);
  });

  it('answers HEAD with the head of GET and nothing else', async () => {
    const [whole, head] = await Promise.all([ask(bank.port, APP, BROWSER), ask(bank.port, APP, BROWSER, 'HEAD')]);
    expect(head.bytes).toHaveLength(0);
    const { date, connection, ...headers } = head.headers;
    expect(whole.headers).toMatchObject(headers);
  });
});

describe('what is no file of the web client', () => {
  it.each([
    '/assets/app-Zz99.js',
    '/assets/',
    '/assets',
    '/assets/app-Cd56.css.br',
    '/assets/app-Cd56.css.gz',
    '/assets/link-Gh90.js',
    `${APP}/`,
    APP.toUpperCase(),
    '/assets/%61pp-Ab12_-34.js',
    '/assets/index.html',
    '/assets/favicon.svg',
    '/app-Ab12_-34.js',
    '/.stamp',
    '/index.html',
    '/index.html.gz',
    '/package.json',
    '/__proto__',
    '/assets/__proto__',
    '/assets/constructor',
  ])('%s is a problem for programs', async (path) => {
    expect(await bank.send('GET', path)).toMatchObject({ status: 404, code: 'not-found' });
  });

  it.each([
    '/assets/../index.html',
    '/assets/..%2findex.html',
    '/assets/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..\\..\\etc\\passwd',
    '/assets//etc/passwd',
    '/assets/app-Ab12_-34.js%00.css',
    '/../../etc/passwd',
  ])('%s cannot be read in one way', async (path) => {
    expect(await bank.send('GET', path)).toMatchObject({ status: 400, code: 'invalid-path' });
  });

  it('below /assets is a problem for browsers too: a page in place of a script helps nobody', async () => {
    const answer = await bank.send('GET', '/assets/app-Zz99.js', [['Accept', 'text/html']]);
    expect(answer).toMatchObject({ status: 404, code: 'not-found' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s of a file is not allowed', async (method) => {
    for (const path of [APP, '/favicon.svg']) {
      const answer = await bank.send(method, path);
      expect(answer).toMatchObject({ status: 405, code: 'method-not-allowed' });
      expect(answer.headers['allow']).toBe('GET, HEAD');
    }
  });
});
