import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, ALICE, type Bank, ORIGIN, openBank } from './bank-fixture.ts';
import type { RawHeader } from './raw-client-fixture.ts';

const KEY: RawHeader = ['Idempotency-Key', 'k-1'];
const TRANSFER = JSON.stringify({
  fromAccountId: ACCOUNT,
  toAccountId: ACCOUNT,
  amount: { amount: '1.00', currency: 'EUR' },
});

describe.each(['in-process', 'http'] as const)('credentials at the door, %s', (mode) => {
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

  describe('credentials', () => {
    it.each([
      ['none', [], 'Bearer'],
      ['Basic', [['Authorization', 'Basic YTpi']], 'Bearer error="invalid_token"'],
      ['an empty Bearer', [['Authorization', 'Bearer ']], 'Bearer error="invalid_token"'],
      ['two tokens in one', [['Authorization', 'Bearer a.b.c, Bearer d.e.f']], 'Bearer error="invalid_token"'],
      ['nonsense', [['Authorization', 'Bearer a.b.c']], 'Bearer error="invalid_token"'],
      ['a cookie nobody knows', [['Cookie', 'florin_sid=unknown']], 'Bearer'],
    ] as const)('%s is 401', async (_name, headers, challenge) => {
      const answer = await bank.send('GET', '/v1/accounts', headers);
      expect(answer).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(answer.headers['www-authenticate']).toBe(challenge);
      expect(bank.seen).toEqual([]);
    });

    it('the internal token of a service is not an access token', async () => {
      await bank.send('GET', '/v1/accounts', [bearer]);
      const internal = bank.seen[0]?.headers.authorization ?? '';
      expect((await bank.send('GET', '/v1/accounts', [['Authorization', internal]])).status).toBe(401);
    });

    it.each([
      ['two Authorization headers', (token: RawHeader): RawHeader[] => [token, token]],
      ['a token and a session cookie', (token: RawHeader): RawHeader[] => [token, ['Cookie', 'florin_sid=sid-1']]],
      ['two session cookies', (): RawHeader[] => [['Cookie', 'florin_sid=sid-1; a=b; florin_sid=sid-2']]],
      [
        'two cookie headers',
        (): RawHeader[] => [
          ['Cookie', 'florin_sid=sid-1'],
          ['Cookie', 'florin_sid=sid-1'],
        ],
      ],
    ])('%s are ambiguous', async (_name, headersOf) => {
      expect(await bank.send('GET', '/v1/accounts', headersOf(bearer))).toMatchObject({
        status: 400,
        code: 'ambiguous-credentials',
      });
      expect(bank.seen).toEqual([]);
    });

    it('a cookie of another name is nobody', async () => {
      expect((await bank.send('GET', '/v1/accounts', [bearer, ['Cookie', 'theme=dark']])).status).toBe(200);
    });

    it('leaves it to the service to refuse a role, which keeps the record of it', async () => {
      const answer = await bank.send('POST', '/v1/deposits', [bearer, KEY], '{}');
      expect(answer).toMatchObject({ status: 403, code: 'forbidden' });
      expect(answer.headers['www-authenticate']).toBe('Bearer error="insufficient_scope"');
      expect(bank.seen).toMatchObject([{ service: 'transactions', url: '/v1/deposits' }]);
    });

    it('T07: a revoked token is refused at once, although it was good a moment ago', async () => {
      const token: RawHeader = ['Authorization', `Bearer ${await bank.tokenOf({ sid: 'ended', sub: 'carol' })}`];
      expect((await bank.send('GET', '/v1/accounts', [token])).status).toBe(200);
      bank.denylist.revokeSession('ended');
      expect((await bank.send('GET', '/v1/accounts', [token])).status).toBe(401);
    });

    it('a public route needs nobody and tells the service of nobody', async () => {
      const body = JSON.stringify({ email: 'a@b.test', password: 'correct horse battery staple', name: 'A' });
      await bank.send('POST', '/v1/users', [['Authorization', 'Bearer a.b.c']], body);
      expect(bank.seen[0]?.headers).not.toHaveProperty('authorization');
    });
  });

  describe('the web session', () => {
    const COOKIE: RawHeader = ['Cookie', 'theme=dark; florin_sid=sid-1'];
    const ORIGIN_HEADER: RawHeader = ['Origin', ORIGIN];
    const CSRF: RawHeader = ['X-Florin-Csrf', 'csrf-1'];
    beforeAll(async () => {
      bank.sessions.bySid.set('sid-1', { accessToken: await bank.tokenOf(), csrf: 'csrf-1' });
      bank.sessions.bySid.set('sid-2', { accessToken: await bank.tokenOf() });
    });

    it('is somebody, is asked for once, and its cookie stays at the door', async () => {
      const before = bank.sessions.asked;
      const answers = await Promise.all([1, 2, 3, 4].map(() => bank.send('GET', '/v1/accounts', [COOKIE])));
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
      expect(bank.sessions.asked).toBe(before + 1);
      expect(bank.seen[0]?.principal?.subject).toBe(ALICE);
      expect(JSON.stringify(bank.seen)).not.toContain('sid-1');
      bank.time.ms += 30_000;
      bank.sessions.bySid.set('sid-1', { accessToken: await bank.tokenOf(), csrf: 'csrf-1' });
      expect((await bank.send('GET', '/v1/accounts', [COOKIE])).status).toBe(200);
      expect(bank.sessions.asked).toBe(before + 2);
    });

    it.each([
      ['no Origin', [CSRF]],
      ['another Origin', [CSRF, ['Origin', 'http://evil.test']]],
      ['our Origin with a port', [CSRF, ['Origin', `${ORIGIN}:81`]]],
      ['Origin null', [CSRF, ['Origin', 'null']]],
      ['no x-florin-csrf', [ORIGIN_HEADER]],
      ['an empty x-florin-csrf', [ORIGIN_HEADER, ['X-Florin-Csrf', '']]],
      ['another x-florin-csrf', [ORIGIN_HEADER, ['X-Florin-Csrf', 'csrf-2']]],
      ['the name with an underscore', [ORIGIN_HEADER, ['X_Florin_Csrf', 'csrf-1']]],
      ['a plain form', [['Content-Type', 'text/plain'], ORIGIN_HEADER]],
    ] as readonly (readonly [string, readonly RawHeader[]])[])(
      'T37: %s is refused a change',
      async (_name, headers) => {
        const answer = await bank.send('POST', '/v1/transfers', [COOKIE, KEY, ...headers], TRANSFER);
        expect(answer).toMatchObject({ status: 403, code: 'csrf-refused' });
        expect(bank.seen).toEqual([]);
      },
    );

    it('T37: our own page may change things', async () => {
      const headers = [COOKIE, KEY, ORIGIN_HEADER, CSRF];
      expect((await bank.send('POST', '/v1/transfers', headers, TRANSFER)).status).toBe(200);
      const withoutValue: RawHeader[] = [['Cookie', 'florin_sid=sid-2'], KEY, ORIGIN_HEADER, ['X-Florin-Csrf', '1']];
      expect((await bank.send('POST', '/v1/transfers', withoutValue, TRANSFER)).status).toBe(200);
    });

    it('gets a fresh token when the one we remembered is over', async () => {
      bank.sessions.bySid.set('sid-3', { accessToken: await bank.tokenOf({ exp: bank.time.ms / 1_000 + 3 }) });
      const cookie: RawHeader = ['Cookie', 'florin_sid=sid-3'];
      expect((await bank.send('GET', '/v1/accounts', [cookie])).status).toBe(200);
      bank.time.ms += 10_000;
      bank.sessions.bySid.set('sid-3', { accessToken: await bank.tokenOf() });
      expect((await bank.send('GET', '/v1/accounts', [cookie])).status).toBe(200);
    });

    it('is a failure of ours, not of the caller, when sessions cannot be looked up', async () => {
      bank.sessions.fail = true;
      const answer = await bank.send('GET', '/v1/accounts', [['Cookie', 'florin_sid=new']]);
      expect(answer).toMatchObject({ status: 500, code: 'internal-error' });
      expect(answer.text).not.toContain('away');
    });
  });

  describe('the issuer', () => {
    it.each([
      ['GET', '/oidc/auth?client_id=web&state=%2F..%2F'],
      ['GET', '/.well-known/openid-configuration'],
      ['GET', '/interaction/Zm9v_-x'],
      ['GET', '/session'],
      ['POST', '/session/logout'],
      ['OPTIONS', '/oidc/token'],
    ])('%s %s goes through as it is, under the public host', async (method, path) => {
      const headers: RawHeader[] = [
        ['Host', 'evil.test'],
        ['Cookie', 'florin_sid=sid-1; _interaction=x'],
        ['Authorization', 'Basic YTpi'],
        ['X-Florin-Csrf', 'c'],
        ['X-User-Id', 'spoofed-value'],
        ['X-Forwarded-For', 'spoofed-value'],
      ];
      const answer = await bank.send(method, path, headers);
      expect(answer).toMatchObject({ status: 200, text: 'a page of the issuer' });
      expect(answer.setCookies).toEqual(['a=1; Path=/', 'b=2; Path=/']);
      expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
      const seen = bank.seen[0];
      expect(seen?.service).toBe('users');
      expect(seen?.url).toBe(path);
      expect(seen?.headers).toMatchObject({
        host: 'bank.test',
        cookie: 'florin_sid=sid-1; _interaction=x',
        authorization: 'Basic YTpi',
        'x-florin-csrf': 'c',
        'x-forwarded-proto': 'http',
        'x-forwarded-for': '127.0.0.1',
      });
      expect(JSON.stringify(seen)).not.toContain('spoofed-value');
      expect(seen?.rawHeaders.filter((text) => text.toLowerCase() === 'host')).toHaveLength(1);
    });

    it.each(['/session/logout', '/interaction/abc'])('takes no change of %s from another origin', async (path) => {
      const answer = await bank.send('POST', path, [['Origin', 'http://evil.test']], '{}');
      expect(answer).toMatchObject({ status: 403, code: 'csrf-refused' });
      expect(bank.seen).toEqual([]);
    });
  });
});
