import { memoryCache } from '@florin/cache';
import { Fault } from '@florin/primitives';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type Bank, openBank } from './bank-fixture.ts';
import type { GatewayOptions } from './gateway.ts';
import type { RawHeader } from './raw-client-fixture.ts';

const TRANSFER = JSON.stringify({
  fromAccountId: ACCOUNT,
  toAccountId: ACCOUNT,
  amount: { amount: '1.00', currency: 'EUR' },
});

let bank: Bank;
afterEach(() => bank.close());

async function open(overrides: Partial<GatewayOptions> = {}): Promise<RawHeader> {
  bank = await openBank('in-process', overrides);
  return ['Authorization', `Bearer ${await bank.tokenOf()}`];
}

/** A cache whose server is away. */
function awayCache(): GatewayOptions['cache'] {
  const away = () => Promise.reject(new Fault('cache-unavailable', 'away', { retryable: true }));
  return { ...memoryCache({ clock: () => 0 }), get: away, raise: away, fields: away, take: away };
}

const one = (burst: number) => ({ ratePerSecond: 1, burst });

describe('the limit of a caller', () => {
  it('T46: lets exactly the burst through when many come at once, and says so', async () => {
    const bearer = await open({ limits: { caller: one(30) } });
    const answers = await Promise.all(Array.from({ length: 80 }, () => bank.send('GET', '/v1/accounts', [bearer])));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(30);
    const refused = answers.find((answer) => answer.status === 429);
    expect(refused?.code).toBe('rate-limited');
    expect(refused?.headers).toMatchObject({
      'retry-after': '1',
      'ratelimit-limit': '30',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '30',
    });
    bank.time.ms += 1_000;
    expect((await bank.send('GET', '/v1/accounts', [bearer])).status).toBe(200);
    expect((await bank.send('GET', '/v1/accounts', [bearer])).status).toBe(429);
  });

  it('T45: is one over all spellings of a path, all routes, and all the tokens of a subject', async () => {
    await open({ limits: { caller: one(4) } });
    const statuses: number[] = [];
    const paths = [
      '/v1/accounts',
      '/v1/accounts?x=1',
      '/v1/%61ccounts',
      `/v1/accounts/${ACCOUNT}`,
      '/v1/accounts',
      '/v1/me',
    ];
    for (const [index, path] of paths.entries()) {
      const token = await bank.tokenOf({ jti: `token-${index}` });
      statuses.push((await bank.send('GET', path, [['Authorization', `Bearer ${token}`]])).status);
    }
    expect(statuses.slice(4)).toEqual([429, 429]);
    expect(statuses.slice(0, 4)).not.toContain(429);
  });

  it('is told on every answer, whoever wrote it', async () => {
    const bearer = await open({ limits: { caller: one(10), address: one(20) } });
    const served = await bank.send('GET', '/v1/accounts', [bearer]);
    expect(served.headers).toMatchObject({
      'ratelimit-limit': '10',
      'ratelimit-remaining': '9',
      'ratelimit-reset': '1',
    });
    const refused = await bank.send('GET', '/v1/accounts');
    expect(refused.headers).toMatchObject({ 'ratelimit-limit': '20', 'ratelimit-remaining': '18' });
    const page = await bank.send('GET', '/oidc/auth');
    expect(page.headers).toMatchObject({ 'ratelimit-limit': '20', 'ratelimit-remaining': '17' });
  });
});

describe('the limit of an address', () => {
  it('T45: counts before any token is looked at, and X-Forwarded-For does not get round it', async () => {
    await open({ limits: { address: one(3) } });
    const statuses: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const headers: RawHeader[] = [
        ['Authorization', 'Bearer a.b.c'],
        ['X-Forwarded-For', `10.0.0.${index}`],
      ];
      statuses.push((await bank.send('GET', '/v1/accounts', headers)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  it('counts what matches no route, too', async () => {
    await open({ limits: { address: one(1) } });
    expect((await bank.send('GET', '/nothing')).status).toBe(404);
    expect((await bank.send('GET', '/nothing')).status).toBe(429);
  });

  it('believes a proxy of ours about who is behind it', async () => {
    await open({ limits: { address: one(1) }, trustedProxies: ['127.0.0.1'] });
    expect((await bank.send('GET', '/', [['X-Forwarded-For', '1.2.3.4']])).status).toBe(200);
    expect((await bank.send('GET', '/', [['X-Forwarded-For', '1.2.3.5']])).status).toBe(200);
    expect((await bank.send('GET', '/', [['X-Forwarded-For', '6.6.6.6, 1.2.3.4']])).status).toBe(429);
  });
});

describe('the limit of signing in', () => {
  it('is one for everything that tries credentials, ten a minute', async () => {
    await open();
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      statuses.push((await bank.send('POST', `/interaction/uid-${index}`, [], '{}')).status);
      statuses.push((await bank.send('POST', '/oidc/token', [], '{}')).status);
      statuses.push((await bank.send('POST', '/v1/users', [], '{}')).status);
    }
    expect(statuses.slice(0, 10)).not.toContain(429);
    expect(statuses.slice(10)).toEqual([429, 429]);
    expect((await bank.send('GET', '/interaction/uid-1')).status).toBe(200);
    bank.time.ms += 6_000;
    expect((await bank.send('POST', '/oidc/token', [], '{}')).status).toBe(200);
  });
});

describe('when the cache is away', () => {
  it('everything goes on, limited by this process alone', async () => {
    const bearer = await open({ cache: awayCache(), limits: { caller: one(3), signIn: one(2) } });
    expect((await bank.send('GET', '/v1/accounts', [bearer])).status).toBe(200);
    const transfer = () => bank.send('POST', '/v1/transfers', [bearer, ['Idempotency-Key', 'k-1']], TRANSFER);
    expect((await transfer()).status).toBe(200);
    expect((await bank.send('GET', '/v1/accounts', [bearer])).status).toBe(200);
    expect((await transfer()).status).toBe(429);
    for (const status of [200, 200, 429]) {
      expect((await bank.send('POST', '/oidc/token', [], '{}')).status).toBe(status);
    }
  });

  it('reads go to the ledger, because nobody knows what was written', async () => {
    const bearer = await open({ cache: awayCache() });
    await bank.send('GET', `/v1/accounts/${ACCOUNT}/balance`, [bearer]);
    expect(bank.seen[0]?.headers['florin-min-version']).toBe('ledger');
  });
});
