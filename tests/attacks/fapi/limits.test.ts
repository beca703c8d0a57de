import { gatewayRoutes, type RouteContract } from '@florin/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesNothing, expectProblem } from '../answers.ts';
import type { Attack, Seen } from '../asking.ts';
import { type AttackedBank, emailOf, newKey, startAttackedBank } from '../attacked-bank.ts';
import { exampleOf, OPERATIONS } from '../operations.ts';
import { type Cast, castOf } from '../people.ts';
import { mobileTokens } from './mobile.ts';
import {
  askBound,
  codeFor,
  type Program,
  paymentDetail,
  proofOf,
  redeem,
  registerProgram,
  sendForm,
} from './program.ts';

let attacked: AttackedBank;
let cast: Cast;
let program: Program;
let reading: string;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
  program = await registerProgram(attacked, cast.staff.admin.token, 'Ledgerly');
  reading = await tokenFor({});
});
afterAll(() => attacked.close());

async function tokenFor(more: Readonly<Record<string, string>>): Promise<string> {
  const answer = await redeem(attacked.ask, program, await codeFor(attacked, program, emailOf('Alice Attacked'), more));
  if (answer.status !== 200) throw new Error(answer.text);
  return String(answer.body['access_token']);
}

const payingFor = (amount: string, more: Readonly<Record<string, unknown>> = {}) =>
  tokenFor({
    scope: 'openid payments:write',
    authorization_details: paymentDetail(cast.carol.iban, amount, more),
  });

const paymentOf = (amount: string, more: Readonly<Record<string, unknown>> = {}) => ({
  fromAccountId: cast.alice.accountId,
  toIban: cast.carol.iban,
  amount: { amount, currency: 'EUR' },
  ...more,
});

const pay = (token: string, body: object, key = newKey()): Promise<Seen> =>
  askBound(attacked.ask, program, token, { method: 'POST', path: '/v1/transfers', key, body });

const needsSomebody = OPERATIONS.filter(({ access }) => access.kind === 'signed-in');
const OF_THE_GATEWAY = new Set<string>(gatewayRoutes.map(({ operationId }) => operationId));
const isOpen = ({ thirdParty }: RouteContract) => thirdParty === 'accounts:read';

describe('T27: what a program that is not the bank’s may call', () => {
  it('is a handful of operations', () => {
    const open = needsSomebody.flatMap(({ operationId, thirdParty }) =>
      thirdParty ? [[operationId, thirdParty]] : [],
    );
    expect(Object.fromEntries(open)).toEqual({
      listAccounts: 'accounts:read',
      getAccount: 'accounts:read',
      getBalance: 'accounts:read',
      listAccountTransactions: 'accounts:read',
      getAccountTransaction: 'accounts:read',
      createTransfer: 'payments:write',
      getTransfer: 'accounts:read',
    });
  });

  it.each(needsSomebody.map((contract) => [contract.operationId, contract] as const))(
    'T27: %s, by the customer’s consent alone',
    async (_, contract) => {
      const example = exampleOf(contract);
      const attack: Attack = { ...example, key: newKey() };
      const seen = await askBound(attacked.ask, program, reading, attack);
      if (isOpen(contract)) return expect(seen.status, seen.text).not.toBe(403);
      expect(seen.status, seen.text).toBe(403);
      if (OF_THE_GATEWAY.has(contract.operationId)) return;
      // Also by a service itself, should the gateway ever let it pass.
      const principal = { subject: cast.alice.id, kind: 'person', roles: ['customer'] } as const;
      const through = { ...principal, thirdParty: { scopes: ['accounts:read'] } } as const;
      const token = await attacked.bank.tokens.mint(through, contract.service);
      expect((await attacked.askService(contract.service)({ ...attack, token })).status).toBe(403);
    },
  );

  it('T27: a program that may pay may not read', async () => {
    const token = await payingFor('2.00');
    expectProblem(await askBound(attacked.ask, program, token, { path: '/v1/accounts' }), 403, 'forbidden');
  });

  it('T05: claims about a program in an access token are the issuer’s scope and nothing else', async () => {
    const claims = { sub: cast.alice.id, roles: ['customer'] };
    for (const more of [{ scope: undefined }, { scope: '' }, { scope: 'openid' }, { scope: 'accounts:read banks' }]) {
      const token = await attacked.forge.changed({ claims: { ...claims, ...more } });
      expectProblem(await attacked.ask({ path: '/v1/me', token }), 403, 'forbidden');
    }
    const unreadable = [
      { scope: ['bank'] },
      { scope: 'x', authorization_details: 'all' },
      { cnf: { 'x5t#S256': 'abc' } },
    ];
    for (const more of unreadable) {
      const token = await attacked.forge.changed({ claims: { ...claims, ...more } });
      expectProblem(await attacked.ask({ path: '/v1/me', token }), 401, 'unauthenticated');
    }
  });

  it('T25: the accounts of others stay unknown', async () => {
    for (const path of [`/v1/accounts/${cast.bob.accountId}`, `/v1/transfers/${cast.bob.transferId}`]) {
      expect((await askBound(attacked.ask, program, reading, { path })).status).toBe(404);
    }
  });
});

describe('T17: a payment that a customer allowed', () => {
  const OTHERWISE: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
    'of another amount': () => ({ amount: { amount: '3.01', currency: 'EUR' } }),
    'of another currency': () => ({ amount: { amount: '3.00', currency: 'USD' } }),
    'to another payee': () => ({ toIban: cast.bob.iban }),
    'to an account instead of the payee': () => ({ toIban: undefined, toAccountId: cast.carol.accountId }),
    'to the payee and to an account': () => ({ toAccountId: cast.bob.accountId }),
    'from another account': () => ({ fromAccountId: cast.alice.secondAccountId }),
  };
  it.each(Object.entries(OTHERWISE))('T17: is not made %s', async (_, more) => {
    const token = await payingFor('3.00', { fromAccountId: cast.alice.accountId });
    await changesNothing(attacked, async () => {
      const seen = await pay(token, paymentOf('3.00', more()));
      expect(seen.status, seen.text).toBeGreaterThanOrEqual(400);
      expect(seen.status).toBeLessThan(500);
    });
    expect((await pay(token, paymentOf('3.00'))).status).toBe(201);
  });

  it('T17: is made once, whatever the keys, and ten times at once', async () => {
    const token = await payingFor('4.00');
    const before = await balance();
    const seen = await Promise.all(Array.from({ length: 10 }, () => pay(token, paymentOf('4.00'))));
    expect(seen.filter(({ status }) => status === 201)).toHaveLength(1);
    expectProblem(await pay(token, paymentOf('4.00')), 409, 'payment-consent-used');
    await expect.poll(balance).toBe(before - 400n);
  });

  it('T17: is made once by two tokens of one consent', async () => {
    const more = { scope: 'openid payments:write', authorization_details: paymentDetail(cast.carol.iban, '5.00') };
    const answer = await redeem(
      attacked.ask,
      program,
      await codeFor(attacked, program, emailOf('Alice Attacked'), more),
    );
    const fields = { grant_type: 'refresh_token', refresh_token: String(answer.body['refresh_token']) };
    const proof = await proofOf(program.tokenKey, 'POST', '/oidc/token');
    const renewed = await sendForm(attacked.ask, program, '/oidc/token', fields, { proof });
    expect(renewed.status, renewed.text).toBe(200);
    expect((await pay(String(answer.body['access_token']), paymentOf('5.00'))).status).toBe(201);
    const second = await pay(String(renewed.body['access_token']), paymentOf('5.00'));
    expectProblem(second, 409, 'payment-consent-used');
  });

  it('T17: is not made by a program that asked for none', async () => {
    const token = await tokenFor({ scope: 'openid payments:write' });
    expectProblem(await pay(token, paymentOf('1.00')), 403, 'payment-not-consented');
  });

  async function balance(): Promise<bigint> {
    const path = `/v1/accounts/${cast.alice.accountId}/balance`;
    const { body } = await attacked.ask({ path, token: cast.alice.token });
    return BigInt((body['posted'] as { amount: string }).amount.replace('.', ''));
  }
});

describe('programs are registered by administrators', () => {
  const key = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'B'.repeat(43), kid: 'one' };
  const WRONG: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, number, string]>> = {
    'plain http': [{ redirectUris: ['http://evil.example/callback'] }, 422, 'invalid-redirect-uri'],
    'a fragment': [{ redirectUris: ['https://good.example/callback#x'] }, 422, 'invalid-redirect-uri'],
    'a wildcard': [{ redirectUris: ['https://*.good.example/callback'] }, 422, 'invalid-redirect-uri'],
    'a script': [{ redirectUris: ['javascript:alert(1)'] }, 422, 'invalid-redirect-uri'],
    'a key that is no point': [{ keys: [key] }, 422, 'invalid-key'],
    'a private key': [{ keys: [{ ...key, d: 'C'.repeat(43) }] }, 400, 'invalid-request'],
    'the scope of the bank': [{ scopes: ['bank'] }, 400, 'invalid-request'],
  };
  it.each(Object.entries(WRONG))('not with %s', async (_, [change, status, code]) => {
    const body = {
      name: 'Wrong',
      redirectUris: ['https://good.example/callback'],
      scopes: ['accounts:read'],
      keys: [{ ...program.key.publicJwk, kid: 'one' }],
      ...change,
    };
    const token = cast.staff.admin.token;
    expectProblem(await attacked.ask({ method: 'POST', path: '/v1/admin/clients', token, body }), status, code);
  });
});

it('T10: the mobile client has tokens for its own key only, and an old refresh token ends them all', async () => {
  const mobile = await mobileTokens(attacked, emailOf('Bob Burglar'));
  expect(mobile.first.status, mobile.first.text).toBe(200);
  const stolen = await mobile.refresh(mobile.first.body['refresh_token'], 'another key');
  expect(stolen.status).toBe(400);
  const second = await mobile.refresh(mobile.first.body['refresh_token']);
  expect(second.status, second.text).toBe(200);
  const token = String(second.body['access_token']);
  expect((await askBound(attacked.ask, mobile, token, { path: '/v1/me' })).status).toBe(200);
  expectProblem(await attacked.ask({ path: '/v1/me', token }), 401, 'unauthenticated');
  expect((await mobile.refresh(mobile.first.body['refresh_token'])).body['error']).toBe('invalid_grant');
  expect((await mobile.refresh(second.body['refresh_token'])).body['error']).toBe('invalid_grant');
  await expect.poll(async () => (await askBound(attacked.ask, mobile, token, { path: '/v1/me' })).status).toBe(401);
  expect((await mobile.withoutProof()).status).toBe(400);
});
