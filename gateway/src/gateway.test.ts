import { accountsRoutes, type RouteContract, transactionsRoutes, usersRoutes } from '@florin/contracts';
import { describe, expect, it } from 'vitest';
import { type Bank, openBank } from './bank-fixture.ts';
import type { RawHeader } from './raw-client-fixture.ts';
import { methodsOf, routingTable } from './routing-table.ts';

const CONTRACTS: readonly RouteContract[] = [...usersRoutes, ...accountsRoutes, ...transactionsRoutes];

async function withBank(work: (bank: Bank) => Promise<void>): Promise<void> {
  const bank = await openBank('in-process');
  try {
    await work(bank);
  } finally {
    await bank.close();
  }
}

describe('the routing table', () => {
  const table = routingTable(CONTRACTS);

  it('holds no internal route', () => {
    expect(table.filter((row) => row.access.kind === 'internal' || row.label.startsWith('/internal'))).toEqual([]);
  });

  it('holds every public contract once', () => {
    const listed = CONTRACTS.filter((one) => one.access.kind !== 'internal' && one.path.startsWith('/v1/'));
    expect(table.filter((row) => !row.isIdentity)).toHaveLength(listed.length);
    for (const contract of listed) {
      const rows = table.filter((row) => row.label === contract.path && row.methods.includes(contract.method));
      expect([contract.operationId, rows.length]).toEqual([contract.operationId, 1]);
    }
  });

  it('lets a service be asked again for what it reads and what it does once, and for nothing else', () => {
    const answerOf = (method: string, label: string) =>
      table.find((row) => row.label === label && row.methods.includes(method))?.answer;
    expect(answerOf('POST', '/v1/transfers')).toBe('repeatable');
    expect(answerOf('GET', '/v1/accounts')).toBe('repeatable');
    for (const { method, path, idempotent } of CONTRACTS) {
      if (method !== 'GET' && idempotent !== true) expect(answerOf(method, path), path).not.toBe('repeatable');
    }
  });

  it('knows which methods a path takes', () => {
    expect(methodsOf(table, '/v1/accounts')).toEqual(['GET', 'HEAD', 'POST']);
    expect(methodsOf(table, '/v1/nothing')).toEqual([]);
  });
});

describe('the gateway', () => {
  it('prints its contracts, without the internal ones', () =>
    withBank(async (bank) => {
      const { status, body } = await bank.send('GET', '/openapi.json');
      expect(status).toBe(200);
      expect(body['openapi']).toBe('3.1.0');
      const paths = Object.keys(body['paths'] ?? {});
      expect(paths).toEqual(expect.arrayContaining(['/v1/transfers', '/v1/accounts', '/v1/dashboard', '/v1/me']));
      expect(paths.filter((path) => path.startsWith('/internal'))).toEqual([]);
    }));

  it('says what it is', () =>
    withBank(async (bank) => {
      const { status, text, headers } = await bank.send('GET', '/');
      expect(status).toBe(200);
      expect(text).toContain('/openapi.json');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }));

  it('measures by route pattern, so a caller cannot make labels', () =>
    withBank(async (bank) => {
      for (const path of ['/a', '/b', '/v1/accounts/1', '/v1/accounts/2']) await bank.send('GET', path);
      await bank.send('BREW', '/a');
      const text = await bank.gateway.metrics.registry.metrics();
      const routes = new Set(text.match(/route="[^"]*"/g));
      expect(routes).toEqual(new Set(['route="unmatched"', 'route="/v1/accounts/{id}"']));
    }));

  it('drains: what is under way is answered, and nothing new is taken', () =>
    withBank(async (bank) => {
      const started = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      bank.answers.set('accounts', async () => {
        started.resolve();
        await release.promise;
        return { status: 200, body: {} };
      });
      const bearer: RawHeader = ['Authorization', `Bearer ${await bank.tokenOf()}`];
      const underWay = bank.send('GET', '/v1/accounts', [bearer, ['Connection', 'keep-alive']]);
      await started.promise;
      const drained = bank.gateway.drain();
      expect((await bank.send('GET', '/')).status).toBeNaN();
      release.resolve();
      expect((await underWay).status).toBe(200);
      await drained;
    }));

  it('wants an origin as its public URL', async () => {
    await expect(openBank('in-process', { publicUrl: 'http://bank.test/path' })).rejects.toThrow('origin');
  });

  it('uses the cookie and the header of https on https', async () => {
    const bank = await openBank('in-process', { publicUrl: 'https://bank.test' });
    bank.sessions.bySid.set('sid-1', { accessToken: await bank.tokenOf() });
    const plain = await bank.send('GET', '/v1/accounts', [['Cookie', 'florin_sid=sid-1']]);
    expect(plain.status).toBe(401);
    const secure = await bank.send('GET', '/v1/accounts', [['Cookie', '__Host-florin=sid-1']]);
    expect(secure.status).toBe(200);
    expect(secure.headers['strict-transport-security']).toContain('max-age=31536000');
    await bank.send('GET', '/oidc/auth');
    expect(bank.seen.at(-1)?.headers['x-forwarded-proto']).toBe('https');
    await bank.close();
  });
});
