import type { ServiceName } from '@florin/contracts';
import { newInternalKey } from '@florin/security';
import { decodeJwt, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { changesNothing, expectCleanLog, expectProblem, withoutTrace } from './answers.ts';
import type { Attack } from './asking.ts';
import { type AttackedBank, emailOf, newKey, startAttackedBank } from './attacked-bank.ts';
import { encoded } from './forge.ts';
import { FORGERIES } from './forgeries.ts';
import { exampleOf, OPERATIONS } from './operations.ts';
import { type Cast, castOf, person } from './people.ts';

let attacked: AttackedBank;
let cast: Cast;
let secondAdmin: string;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
  secondAdmin = (await person(attacked, 'Second Admin', ['admin'])).token;
});
afterAll(() => attacked.close());

const SERVICES: readonly ServiceName[] = ['users', 'accounts', 'transactions', 'notifications'];
/** One question of each service that only somebody may ask. */
const ASKED: Readonly<Record<ServiceName, string>> = {
  users: '/v1/me',
  accounts: '/v1/accounts',
  transactions: '/v1/payees',
  notifications: '/v1/notifications',
};

/** What was taken back is good nowhere within a second: that is promised. */
const REVOKED = { timeout: 1_000, interval: 5 };

describe('access tokens that are none', () => {
  it.each(Object.entries(FORGERIES))('%s', async (_, forgery) => {
    const { alice, carol } = cast;
    const token = await forgery(attacked.forge, alice.id);
    const payment = {
      fromAccountId: alice.accountId,
      toIban: carol.iban,
      amount: { amount: '1.00', currency: 'EUR' },
    };
    await changesNothing(attacked, async () => {
      const read = await attacked.ask({ path: '/v1/me', token });
      expectProblem(read, 401, 'unauthenticated');
      expect(read.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
      // Also just after the real owner was here, whose token is remembered.
      await attacked.ask({ path: '/v1/me', token: alice.token });
      expect(withoutTrace(await attacked.ask({ path: '/v1/me', token }))).toEqual(withoutTrace(read));
      const attack = { method: 'POST', path: '/v1/transfers', token, key: newKey(), body: payment } as const;
      expectProblem(await attacked.ask(attack), 401, 'unauthenticated');
    });
  });

  it('T04: made-up key ids by the hundred keep nobody out', async () => {
    const { alice } = cast;
    const made = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        attacked.forge.changed({ claims: { sub: alice.id, roles: ['customer'] }, header: { kid: `made-up-${index}` } }),
      ),
    );
    const seen = await Promise.all(made.map((token) => attacked.ask({ path: '/v1/me', token })));
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await attacked.ask({ path: '/v1/me', token: alice.token })).status).toBe(200);
  });

  it('T06: a head of megabytes is cut off by the port', async () => {
    const answer = attacked.askPort({ path: '/v1/me', token: 'x'.repeat(8_000_000) });
    const seen = await answer.catch((error: NodeJS.ErrnoException) => ({ status: error.code }));
    expect([431, 'ECONNRESET', 'EPIPE']).toContain(seen.status);
    expect((await attacked.askPort({ path: '/v1/me', token: cast.alice.token })).status).toBe(200);
  });
});

describe('T05: between the services', () => {
  const principal = () => ({ subject: cast.alice.id, kind: 'person', roles: ['customer'] }) as const;
  const ask = (service: ServiceName, token: string, headers: Attack['headers'] = {}) =>
    attacked.askService(service)({ path: ASKED[service], token, headers });

  it.each(SERVICES)('T05: %s takes no token for another service, and no access token', async (service) => {
    expect((await ask(service, await attacked.bank.tokens.mint(principal(), service))).status).toBe(200);
    for (const other of SERVICES.filter((one) => one !== service)) {
      const token = await attacked.bank.tokens.mint(principal(), other);
      expectProblem(await ask(service, token), 401, 'unauthenticated');
    }
    expectProblem(await ask(service, cast.alice.token), 401, 'unauthenticated');
  });

  it.each(SERVICES)('T40: %s believes no header, and no internal token that it can not verify', async (service) => {
    const headers = { 'x-user-id': cast.alice.id, 'x-roles': 'admin', 'x-internal-user': cast.alice.id };
    expectProblem(await attacked.askService(service)({ path: ASKED[service], headers }), 401, 'unauthenticated');
    const good = await attacked.bank.tokens.mint(principal(), service);
    const [header = '', claims = '', signature = ''] = good.split('.');
    const asAdmin = { ...decodeJwt(good), roles: ['admin'] };
    const stranger = await newInternalKey('gateway');
    const key = await importJWK(stranger.privateJwk, 'ES256');
    const known = String(JSON.parse(Buffer.from(header, 'base64url').toString()).kid);
    const typ = 'florin-internal+jwt';
    const forged = [
      `${header}.${encoded(asAdmin)}.${signature}`,
      `${encoded({ alg: 'none', typ, kid: known })}.${claims}.`,
      await new SignJWT(asAdmin).setProtectedHeader({ alg: 'ES256', typ, kid: known }).sign(key),
    ];
    for (const token of forged) expectProblem(await ask(service, token), 401, 'unauthenticated');
  });

  it('T40: a service speaks as itself alone: accounts can not be the gateway, nor a person a service', async () => {
    const { privateJwk } = attacked.secrets.internalKeys['accounts'] ?? {};
    if (privateJwk === undefined) throw new Error('the accounts service has no key');
    const key = await importJWK(privateJwk, 'ES256');
    const time = Math.floor(Date.now() / 1_000);
    const claims = { aud: 'users', jti: 'made-up', iat: time, exp: time + 60, roles: [] };
    const sign = (more: object) =>
      new SignJWT({ ...claims, ...more })
        .setProtectedHeader({ alg: 'ES256', typ: 'florin-internal+jwt', kid: String(privateJwk.kid) })
        .sign(key);
    const path = '/internal/revocations?cursor=0';
    const users = attacked.askService('users');
    expect(
      (await users({ path, token: await sign({ iss: 'accounts', sub: 'service:accounts', kind: 'service' }) })).status,
    ).toBe(200);
    for (const more of [
      { iss: 'gateway', sub: 'service:gateway', kind: 'service' },
      { iss: 'accounts', sub: 'service:gateway', kind: 'service' },
      { iss: 'accounts', sub: 'service:accounts', kind: 'person' },
    ]) {
      expectProblem(await users({ path, token: await sign(more) }), 401, 'unauthenticated');
    }
  });
});

describe('T40: headers that say who is asking', () => {
  const SPOOFS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['X-User-Id', { 'x-user-id': 'ALICE' }],
    ['X_User_Id', { x_user_id: 'ALICE' }],
    ['X-Roles', { 'x-roles': 'admin,supervisor' }],
    ['X-Original-URL', { 'x-original-url': '/v1/ledger/trial-balance' }],
    ['X-HTTP-Method-Override', { 'x-http-method-override': 'DELETE' }],
    ['Connection: X-User-Id', { 'x-user-id': 'ALICE', connection: 'x-user-id, authorization' }],
    ['Forwarded', { forwarded: 'for=127.0.0.1;host=internal', 'x-forwarded-user': 'ALICE' }],
  ];

  it.each(SPOOFS)('T40: %s changes nothing about the answer', async (_, spoof) => {
    const { alice, bob } = cast;
    const headers = Object.fromEntries(
      Object.entries(spoof).map(([name, value]) => [name, value.replace('ALICE', alice.id)]),
    );
    const asBob = await attacked.ask({ path: '/v1/me', token: bob.token, headers });
    expect(asBob.body).toMatchObject({ id: bob.id });
    expectProblem(await attacked.ask({ path: '/v1/me', headers }), 401, 'unauthenticated');
    const books = await attacked.ask({ path: '/v1/ledger/trial-balance', token: bob.token, headers });
    expectProblem(books, 403, 'forbidden');
  });
});

describe('T07: a token that was taken back', () => {
  it('T07: of a session that its owner ended, wherever it is used, and no other', async () => {
    const walter = await person(attacked, 'Walter Watchful', ['customer']);
    const [lost, kept] = [
      await attacked.signIn('walter.watchful@example.com'),
      await attacked.signIn('walter.watchful@example.com'),
    ];
    const me = (token: string) => attacked.ask({ path: '/v1/me', token });
    expect((await me(lost.accessToken)).status).toBe(200);
    const { sid } = decodeJwt(lost.accessToken);
    await attacked.stores.mark();
    const end = { method: 'DELETE', path: `/v1/me/sessions/${sid}`, token: kept.accessToken } as const;
    expect((await attacked.ask(end)).status).toBe(204);
    await vi.waitUntil(async () => (await me(lost.accessToken)).status === 401, REVOKED);
    expectProblem(await me(lost.accessToken), 401, 'unauthenticated');
    expect((await me(kept.accessToken)).status).toBe(200);
    expect(await attacked.audits()).toMatchObject([{ actor: walter.id, outcome: 'done' }]);
    const refresh = { grant_type: 'refresh_token', client_id: 'florin-cli', refresh_token: lost.refreshToken };
    const renewed = await attacked.ask({
      method: 'POST',
      path: '/oidc/token',
      text: new URLSearchParams(refresh).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([renewed.status, renewed.body['error']]).toEqual([400, 'invalid_grant']);
  });

  interface Taken {
    readonly id: string;
    readonly sid: string;
    /** Another sign-in of the same person, which nothing is done to. */
    readonly kept: string;
  }
  /** What takes tokens back. A new way is a line. */
  const WAYS: readonly (readonly [string, (of: Taken) => Attack])[] = [
    ['ended that sign-in', ({ sid, kept }) => ({ method: 'DELETE', path: `/v1/me/sessions/${sid}`, token: kept })],
    [
      'lost a role',
      ({ id }) => ({ method: 'DELETE', path: `/v1/users/${id}/roles/loan-officer`, token: cast.staff.admin.token }),
    ],
    [
      'was given a role',
      ({ id }) => ({
        method: 'POST',
        path: `/v1/users/${id}/roles`,
        token: cast.staff.admin.token,
        body: { role: 'fraud-analyst' },
      }),
    ],
    ['was kept out', ({ id }) => ({ method: 'POST', path: `/v1/users/${id}/disable`, token: cast.staff.admin.token })],
    [
      'was signed out',
      ({ id }) => ({ method: 'DELETE', path: `/v1/users/${id}/sessions`, token: cast.staff.admin.token }),
    ],
  ];

  it.each(WAYS)('T07: of somebody who %s, at every service, and it is on record', async (way, takeBack) => {
    const name = `Trudy ${way.replaceAll(' ', '')}`;
    const { id } = await person(attacked, name, ['teller', 'loan-officer']);
    const [lost, kept] = [await attacked.signIn(emailOf(name)), await attacked.signIn(emailOf(name))];
    const read = (path: string) => attacked.ask({ path, token: lost.accessToken });
    expect((await read('/v1/me')).status).toBe(200);
    const sid = String(decodeJwt(lost.accessToken)['sid']);
    await attacked.stores.mark();
    const asked = await attacked.ask(takeBack({ id, sid, kept: kept.accessToken }));
    expect(asked.status, asked.text).toBeLessThan(300);
    if (asked.status === 202) {
      // Nothing happens before another one has decided.
      expect((await read('/v1/me')).status).toBe(200);
      const approve = `/v1/approvals/users/${asked.body['id']}/approve`;
      const decided = await attacked.ask({ method: 'POST', path: approve, token: secondAdmin });
      expect(decided.body['status']).toBe('done');
    }
    // Asked of another service than users, which may know before the gateway does.
    await vi.waitUntil(async () => (await read(ASKED.notifications)).status === 401, REVOKED);
    for (const path of [...Object.values(ASKED), '/v1/customers?q=alice', '/v1/ledger/journals']) {
      expectProblem(await read(path), 401, 'unauthenticated');
    }
    const deposit = { accountId: cast.alice.accountId, amount: { amount: '1.00', currency: 'EUR' } };
    const money = {
      method: 'POST',
      path: '/v1/deposits',
      token: lost.accessToken,
      key: newKey(),
      body: deposit,
    } as const;
    await changesNothing(attacked, async () => expectProblem(await attacked.ask(money), 401, 'unauthenticated'));
    const records = (await attacked.audits()).filter(({ resource, outcome }) => resource === id && outcome === 'done');
    expect(records.length).toBeGreaterThan(0);
  });

  it('T07: although money is moved without asking the users service about anybody', async () => {
    const { bob, carol } = cast;
    const body = { fromAccountId: bob.accountId, toIban: carol.iban, amount: { amount: '0.10', currency: 'EUR' } };
    await attacked.stores.harm('users', 'ALTER TABLE person RENAME TO person_away');
    try {
      expect((await attacked.ask({ path: '/v1/me', token: bob.token })).status).toBe(500);
      const paid = await attacked.ask({ method: 'POST', path: '/v1/transfers', token: bob.token, key: newKey(), body });
      expect(paid.status, paid.text).toBe(201);
    } finally {
      await attacked.stores.harm('users', 'ALTER TABLE person_away RENAME TO person');
    }
  });
});

describe('T57: who keeps an answer', () => {
  const reads = OPERATIONS.filter(({ method, access }) => method === 'GET' && access.kind === 'signed-in');

  it.each(reads.map((contract) => [contract.operationId, contract] as const))(
    'T57: nobody keeps that of %s',
    async (_, contract) => {
      for (const token of [cast.bob.token, cast.staff.auditor.token]) {
        const seen = await attacked.ask({ ...exampleOf(contract), token });
        expect(seen.headers['cache-control'], contract.operationId).toContain('no-store');
        expect(seen.headers['x-content-type-options']).toBe('nosniff');
      }
    },
  );

  it('T57: a host that was made up is in no address that we give out', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    for (const path of ['/.well-known/openid-configuration', '/session/login', '/openapi.json', '/v1/me', '/']) {
      const seen = await attacked.ask({ path, headers });
      expect(seen.text + JSON.stringify(seen.headers)).not.toContain('evil.example');
    }
  });
});

it('T47: nothing secret was logged on the way', () => {
  expectCleanLog(attacked);
});
