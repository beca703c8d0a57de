import { route, STRICT, Uuid } from '@florin/contracts';
import { Type } from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import type { Denial, Reading } from './audit-trail.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { problemReply } from './problem.ts';
import { ID, startServer, stopServers } from './server.fixture.ts';

afterEach(stopServers);

const PARAMS = Type.Object({ id: Uuid }, STRICT);
const EITHER = { kind: 'signed-in', permissions: ['accounts:read:own', 'cash:move:any'] } as const;
const common = { service: 'accounts', summary: 'x', access: EITHER, responses: { 200: Type.Unknown() } } as const;
const read = route({ ...common, operationId: 'getAccount', method: 'GET', path: '/v1/accounts/{id}', params: PARAMS });
const change = route({ ...common, operationId: 'freeze', method: 'POST', path: '/v1/accounts/{id}', params: PARAMS });
const staff = route({
  ...common,
  operationId: 'deposit',
  method: 'POST',
  path: '/v1/deposits',
  access: { kind: 'signed-in', permissions: ['cash:move:any'] },
  body: Type.Object({ accountId: Type.Optional(Type.String()) }, STRICT),
});
const open = route({ ...common, operationId: 'look', method: 'GET', path: '/v1/open', access: { kind: 'public' } });

const refuse = (status: number, code: string) =>
  problemReply({ status, code, title: code, detail: code, traceId: 't' });

/** A server whose changes end as they are told, with a trail that remembers what it heard. */
async function startAudited(answer: () => ReturnType<typeof refuse>, recorded: () => Promise<void> = async () => {}) {
  const denials: Denial[] = [];
  const readings: Reading[] = [];
  const endpoints: Endpoint[] = [
    endpoint(read, answer),
    endpoint(change, answer),
    endpoint(staff, answer),
    endpoint(open, answer),
  ];
  const trail = {
    denied: (denial: Denial) => void denials.push(denial),
    async read(reading: Reading) {
      await recorded();
      readings.push(reading);
    },
  };
  const { server } = await startServer(endpoints, { trail });
  const ask = (method: 'GET' | 'POST', url: string, who?: string, payload?: object) =>
    server.app.inject({
      method,
      url,
      headers: { ...(who && { authorization: who }), 'x-florin-network': '192.0.2.0/24' },
      ...(payload === undefined ? {} : { payload }),
    });
  return { ask, denials, readings };
}

const PATH = `/v1/accounts/${ID}`;

describe('what is denied', () => {
  it('is told with who, what, why and from where, a role that is refused before anything is read too', async () => {
    const { ask, denials } = await startAudited(() => ({ status: 200, body: {} }) as never);
    const answer = await ask('POST', '/v1/deposits', 'customer', { accountId: 'not looked at' });
    expect(answer.headers['www-authenticate']).toBe('Bearer error="insufficient_scope"');
    expect(denials).toMatchObject([
      {
        caller: { subject: 'alice', roles: ['customer'], origin: { operationId: 'deposit', address: '192.0.2.0/24' } },
        outcome: 'denied',
        resource: '/v1/deposits',
        reason: 'forbidden',
      },
    ]);
    expect(denials[0]?.caller.traceId).toBe(answer.json().traceId);
  });

  it.each([
    ['what is hidden from a customer', 'POST', 'customer', 404, 'account-not-found', 'denied'],
    ['what is hidden when it is read', 'GET', 'customer', 404, 'account-not-found', 'denied'],
    ['who has to prove anew who they are', 'POST', 'customer', 401, 'fresh-sign-in-needed', 'denied'],
    ['who may not', 'POST', 'teller', 403, 'owner-only', 'denied'],
    ['a rule that says no to staff', 'POST', 'teller', 422, 'second-person-required', 'refused'],
    ['a rule that says no to staff, as a conflict', 'POST', 'teller', 409, 'change-in-progress', 'refused'],
    ['a rule that says no to a customer', 'POST', 'customer', 422, 'insufficient-funds', undefined],
    ['a request that came twice', 'POST', 'teller', 409, 'idempotency-key-in-flight', undefined],
    ['a question of staff that has no answer', 'GET', 'teller', 422, 'invalid-cursor', undefined],
    ['a mistake', 'POST', 'customer', 400, 'invalid-amount', undefined],
    ['us', 'POST', 'customer', 503, 'service-unavailable', undefined],
    ['another service', 'POST', 'service', 404, 'account-not-found', undefined],
  ] as const)('%s: %s of a %s, %i %s, is %s', async (_, method, who, status, code, outcome) => {
    const { ask, denials } = await startAudited(() => refuse(status, code));
    await ask(method, PATH, who);
    const expected = outcome === undefined ? [] : [{ outcome, reason: code, resource: PATH }];
    expect(denials).toMatchObject(expected);
    expect(denials).toHaveLength(expected.length);
  });

  it('is nobody’s when nobody is signed in, or the route is everybody’s', async () => {
    const { ask, denials } = await startAudited(() => refuse(404, 'account-not-found'));
    expect((await ask('POST', PATH)).statusCode).toBe(401);
    expect((await ask('GET', '/v1/open', 'teller')).statusCode).toBe(404);
    expect(denials).toEqual([]);
  });

  it('names the account of a body, and nothing that could not be an id of ours', async () => {
    const { ask, denials } = await startAudited(() => refuse(422, 'no'));
    await ask('POST', '/v1/deposits', 'teller', { accountId: ID });
    await ask('POST', '/v1/deposits', 'teller', { accountId: 'my password\nis this' });
    await ask('GET', '/v1/accounts/%3Cscript%3E', 'teller');
    expect(denials.map(({ resource }) => resource)).toEqual([
      `/v1/deposits account:${ID}`,
      '/v1/deposits',
      '/v1/accounts/{id}',
    ]);
  });
});

describe('what staff read', () => {
  it('is shown once it is on record, and not at all when it can not be', async () => {
    const order: string[] = [];
    const { ask, readings } = await startAudited(
      () => ({ status: 200, body: { id: ID } }) as never,
      async () => void order.push('recorded'),
    );
    await ask('GET', PATH, 'teller').then(() => order.push('shown'));
    expect(order).toEqual(['recorded', 'shown']);
    expect(readings).toMatchObject([{ caller: { subject: 'tessa' }, resource: PATH }]);

    const away = await startAudited(
      () => ({ status: 200, body: { id: ID } }) as never,
      () => Promise.reject(new Error('the database is away')),
    );
    const kept = await away.ask('GET', PATH, 'teller');
    expect(kept.statusCode).toBe(500);
    expect(kept.payload).not.toContain(ID);
  });

  it('is no business of anybody’s when they are customers, or get nothing', async () => {
    const { ask, readings } = await startAudited(() => ({ status: 200, body: {} }) as never);
    await ask('GET', PATH, 'customer');
    const { ask: askInVain, readings: none } = await startAudited(() => refuse(404, 'account-not-found'));
    await askInVain('GET', PATH, 'teller');
    expect([...readings, ...none]).toEqual([]);
  });
});
