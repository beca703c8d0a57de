import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, ALICE, type Bank, openBank } from './bank-fixture.ts';
import { exchangeBytes, parseAnswer, type RawHeader } from './raw-client-fixture.ts';

const KEY: RawHeader = ['Idempotency-Key', 'k-1'];
const TRANSFER = JSON.stringify({
  fromAccountId: ACCOUNT,
  toAccountId: ACCOUNT,
  amount: { amount: '1.00', currency: 'EUR' },
});

describe.each(['in-process', 'http'] as const)('the door, %s', (mode) => {
  let bank: Bank;
  let bearer: RawHeader;

  beforeAll(async () => {
    bank = await openBank(mode);
    bearer = ['Authorization', `Bearer ${await bank.tokenOf()}`];
  });
  afterAll(() => bank.close());
  beforeEach(() => {
    bank.seen.length = 0;
    bank.answers.clear();
    bank.sessions.fail = false;
  });

  it('hands a request on with its body, and the answer back', async () => {
    bank.answers.set('transactions', () => ({
      status: 201,
      text: '{"id":"t"}',
      headers: { 'idempotency-replayed': 'true' },
    }));
    const answer = await bank.send('POST', '/v1/transfers', [bearer, KEY], TRANSFER);
    expect(answer).toMatchObject({ status: 201, text: '{"id":"t"}' });
    expect(answer.headers['idempotency-replayed']).toBe('true');
    const seen = bank.seen[0];
    expect(seen?.service).toBe('transactions');
    expect(seen?.url).toBe('/v1/transfers');
    expect(seen?.body).toEqual(JSON.parse(TRANSFER));
    expect(seen?.headers['idempotency-key']).toBe('k-1');
    expect(seen?.principal).toMatchObject({ subject: ALICE, kind: 'person', roles: ['customer'], sessionId: 's1' });
  });

  it('hands on a chunked body, and a body that arrives late', async () => {
    const chunked = `${TRANSFER.length.toString(16)}\r\n${TRANSFER}\r\n0\r\n\r\n`;
    const headers: RawHeader[] = [bearer, KEY, ['Transfer-Encoding', 'chunked'], ['Content-Type', 'application/json']];
    expect(await bank.send('POST', '/v1/transfers', headers, chunked)).toMatchObject({ status: 200 });
    expect(bank.seen[0]?.body).toEqual(JSON.parse(TRANSFER));
  });

  it('gives the service an internal token, never the one that came', async () => {
    await bank.send('GET', `/v1/accounts/${ACCOUNT}`, [bearer]);
    const { headers, rawHeaders } = bank.seen[0] ?? { headers: {}, rawHeaders: [] };
    expect(headers.authorization).toMatch(/^Bearer ey/);
    expect(headers.authorization).not.toBe(bearer[1]);
    expect(rawHeaders.join('\n')).not.toContain(bearer[1]);
    expect(rawHeaders.filter((text) => text.toLowerCase() === 'authorization')).toHaveLength(1);
  });

  describe('T40: headers nobody may send', () => {
    it.each([
      'X-User-Id',
      'x-user',
      'X_User_Id',
      'X-Roles',
      'X-Role',
      'X-Internal-Token',
      'X-Florin-Subject',
      'Florin-Min-Version',
      'florin-account-version',
      'Forwarded',
      'X-Forwarded-For',
      'X-Forwarded-Host',
      'X-Forwarded-Proto',
      'X-Original-URL',
      'X-Original-URI',
      'X-Rewrite-URL',
      'X-Remote-User',
      'X-Auth-Request-User',
      'X-Client-Cert',
      'X-SSL-Client-Verify',
      'CF-Connecting-IP',
      'X-Florin-Network',
      'X-HTTP-Method-Override',
      'Proxy-Authorization',
      'TE',
      'Trailer',
      'Keep-Alive',
      'any_underscore',
      'x-florin-csrf',
      'Cookie',
    ])('%s does not reach a service', async (name) => {
      const answer = await bank.send('GET', `/v1/accounts/${ACCOUNT}`, [bearer, [name, 'spoofed-value']]);
      expect(answer.status).toBe(200);
      const { headers, rawHeaders, principal } = bank.seen[0] ?? { headers: {}, rawHeaders: [] };
      expect(JSON.stringify(headers)).not.toContain('spoofed-value');
      expect(rawHeaders.join('\n')).not.toContain('spoofed-value');
      expect(principal?.subject).toBe(ALICE);
    });

    it('headers named by Connection stay behind, but never the framing or the credentials of ours', async () => {
      const headers: RawHeader[] = [
        bearer,
        KEY,
        ['X-Custom', 'custom-value'],
        ['Connection', 'close, X-Custom, Authorization, Content-Length, Host'],
      ];
      const answer = await bank.send('POST', '/v1/transfers', headers, TRANSFER);
      expect(answer.status).toBe(200);
      expect(bank.seen[0]?.rawHeaders.join('\n')).not.toContain('custom-value');
      expect(bank.seen[0]?.body).toEqual(JSON.parse(TRANSFER));
      expect(bank.seen[0]?.principal?.subject).toBe(ALICE);
    });

    it('what is harmless goes through', async () => {
      await bank.send('GET', `/v1/accounts/${ACCOUNT}`, [bearer, ['Accept-Language', 'nl'], ['X-Request-Id', 'r-1']]);
      expect(bank.seen[0]?.headers).toMatchObject({ 'accept-language': 'nl', 'x-request-id': 'r-1' });
    });

    it('a method cannot be overridden, in a header or a query', async () => {
      const headers: RawHeader[] = [bearer, ['X-HTTP-Method-Override', 'DELETE'], ['X-Method-Override', 'DELETE']];
      await bank.send('GET', '/v1/accounts', headers);
      expect(bank.seen[0]?.headers).not.toHaveProperty('x-method-override');
    });
  });

  describe('T42: paths that can be read in two ways', () => {
    it.each([
      '/v1/../internal/accounts/x',
      '/v1/%2e%2e/internal/accounts/x',
      '/v1%2faccounts',
      '/v1/accounts%2f..%2finternal',
      '/v1/accounts%5c..',
      '/v1\\accounts',
      '/v1/accounts%00',
      '/v1//accounts',
      '//evil.test/v1/accounts',
      '/v1/accounts;admin=true',
      '/oidc/../internal/sessions/resolve',
      '/oidc/%2e%2e/internal/sessions/resolve',
      '/.well-known/..%2finternal',
      'http://evil.test/v1/accounts',
      '/v1/accounts/%zz',
      '/v1/accounts/%c3%28',
    ])('%s', async (path) => {
      const answer = await bank.send('GET', path, [bearer]);
      expect([path, answer.status, answer.code]).toEqual([
        path,
        path.includes('%c3') ? answer.status : 400,
        answer.code,
      ]);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      if (!path.includes('%c3')) expect(answer.code).toBe('invalid-path');
      expect(bank.seen.filter((one) => one.url?.includes('internal'))).toEqual([]);
    });
  });

  it.each([
    ['PUT', `/internal/accounts/${ACCOUNT}`],
    ['POST', '/internal/sessions/resolve'],
    ['POST', '/internal/holds'],
    ['GET', '/health/live'],
    ['GET', '/metrics'],
    ['GET', '/v1/nothing'],
    ['GET', '/V1/ACCOUNTS'],
  ])('%s %s is not there', async (method, path) => {
    expect(await bank.send(method, path, [bearer])).toMatchObject({ status: 404, code: 'not-found' });
    expect(bank.seen).toEqual([]);
  });

  it('says which methods a path takes', async () => {
    const answer = await bank.send('DELETE', '/v1/transfers', [bearer]);
    expect(answer).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(answer.headers['allow']).toBe('POST');
    expect((await bank.send('PROPFIND', '/v1/accounts', [bearer])).status).toBe(405);
    expect(bank.seen).toEqual([]);
  });

  it('T48: a problem says what to do and carries the trace, and nothing of ours', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent: RawHeader = ['traceparent', `00-${traceId}-00f067aa0ba902b7-01`];
    const answer = await bank.send('GET', '/v1/accounts', [traceparent]);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      status: 401,
      code: 'unauthenticated',
      traceId,
      type: '/problems/unauthenticated',
    });
    expect(Object.keys(answer.body).sort()).toEqual(['code', 'detail', 'status', 'title', 'traceId', 'type']);
  });

  it('gives all parts one trace', async () => {
    await bank.send('GET', '/v1/accounts', [bearer]);
    const sent = bank.seen[0]?.headers['traceparent'];
    expect(sent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
    const bad: RawHeader = ['traceparent', '00-zzz'];
    await bank.send('GET', '/v1/accounts', [bearer, bad]);
    expect(bank.seen[1]?.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}/);
  });

  it('T47: logs one line a request, without the token, the cookie or what was typed', async () => {
    bank.lines.length = 0;
    const headers: RawHeader[] = [bearer, ['User-Agent', 'evil","level":"fatal'], ['X-Canary', 'canary-value']];
    await bank.send('GET', `/v1/accounts/${ACCOUNT}/transactions?q=canary-value`, headers);
    await expect.poll(() => bank.lines.length).toBe(1);
    expect(JSON.parse(bank.lines[0] ?? '')).toMatchObject({
      level: 'info',
      msg: 'request',
      route: '/v1/accounts/{id}/transactions',
      status: 200,
      subject: ALICE,
    });
    expect(bank.lines.join()).not.toMatch(/canary-value|Bearer|ey[A-Za-z0-9]{10}/);
  });

  it('T43: a body that is too large is refused by the service behind, without being read here', async () => {
    const answer = await bank.send('POST', '/v1/transfers', [bearer, KEY], `"${'x'.repeat(2_000_000)}"`);
    expect(answer).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  it('T41: what is not HTTP is refused and the connection closed', async () => {
    const host = 'Host: bank.test\r\n';
    const smuggled = 'GET /v1/accounts HTTP/1.1\r\nHost: bank.test\r\n\r\n';
    for (const bytes of [
      `POST /v1/transfers HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `POST /v1/transfers HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello${smuggled}`,
      `POST /v1/transfers HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `GET /v1/accounts HTTP/1.1\r\n${host}X-User-Id : 7\r\n\r\n${smuggled}`,
      `GET /v1/accounts HTTP/1.1\r\n${host}X-A: b\r\n c\r\n\r\n${smuggled}`,
      'nonsense\r\n\r\n',
    ]) {
      const text = await exchangeBytes(bank.port, bytes);
      expect(parseAnswer(text).status).toBeGreaterThanOrEqual(400);
      expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    }
    expect(bank.seen).toEqual([]);
  });

  it('answers HEAD like GET without a body', async () => {
    const answer = await bank.send('HEAD', '/v1/accounts', [bearer]);
    expect(answer).toMatchObject({ status: 200, text: '' });
  });
});
