import type { RouteContract } from '@florin/contracts';
import { Fault } from '@florin/primitives';
import { afterEach, describe, expect, test } from 'vitest';
import { endpoint, type Reply } from './endpoint.ts';
import { deposit, getThing, goodBody, ID, listThings, startServer, stopServers, teller } from './server.fixture.ts';

afterEach(stopServers);

describe('an accepted request', () => {
  test('reaches its handler typed, with principal, key and trace', async () => {
    const { postDeposit } = await startServer();
    const traceId = 'a'.repeat(32);
    const response = await postDeposit(goodBody, { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` });
    expect(response.statusCode).toBe(201);
    expect(response.json()).toEqual({ body: goodBody, key: 'k', who: 'tessa', traceId });
    expect(response.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  test('gets a trace of its own when it brings none, or a broken one', async () => {
    const { postDeposit } = await startServer();
    for (const traceparent of [undefined, `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, 'nonsense']) {
      const response = await postDeposit(goodBody, traceparent === undefined ? {} : { traceparent });
      expect(response.json().traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
    }
  });

  test('is answered byte for byte when the handler gives text', async () => {
    const text = '{ "b":1,  "a":2 }';
    const reply = { status: 201, text, headers: { 'idempotency-replayed': 'true' } };
    const { postDeposit } = await startServer([endpoint(deposit, () => reply)]);
    const response = await postDeposit(goodBody);
    expect(response.payload).toBe(text);
    expect(response.headers['idempotency-replayed']).toBe('true');
  });

  test('may be HEAD where it may be GET, and 204 has no body', async () => {
    const { app } = (await startServer()).server;
    const head = await app.inject({ method: 'HEAD', url: `/v1/things/${ID}`, headers: { authorization: 'customer' } });
    expect([head.statusCode, head.payload, head.headers['content-length']]).toEqual([200, '', '45']);
    const none = await app.inject({ method: 'POST', url: '/internal/touch', headers: { authorization: 'service' } });
    expect([none.statusCode, none.payload, none.headers['content-type']]).toEqual([204, '', undefined]);
  });

  test('is logged once without its body or headers, and measured by route and status class', async () => {
    const { postDeposit, logged, metrics } = await startServer();
    await postDeposit(goodBody, { cookie: 'canary-cookie' });
    expect(logged).toHaveLength(1);
    const line = JSON.parse(logged[0] ?? '');
    expect(line).toMatchObject({ msg: 'request', route: '/v1/deposits', status: 201, subject: 'tessa' });
    expect(logged.join()).not.toMatch(/canary|1\.00/);
    expect(await metrics.registry.metrics()).toContain(
      'florin_http_request_duration_seconds_count{service="test",method="POST",route="/v1/deposits",status="2xx"} 1',
    );
  });
});

describe('who may call', () => {
  test('is decided by the contract, before the body is looked at', async () => {
    const { app } = (await startServer()).server;
    const call = async (method: 'GET' | 'POST', url: string, authorization?: string) => {
      const headers = { 'idempotency-key': 'k', ...(authorization === undefined ? {} : { authorization }) };
      const response = await app.inject({ method, url, headers });
      return [response.statusCode, response.payload === '' ? undefined : response.json().code];
    };
    expect(await call('POST', '/v1/deposits')).toEqual([401, 'unauthenticated']);
    expect(await call('POST', '/v1/deposits', 'forged')).toEqual([401, 'unauthenticated']);
    expect(await call('POST', '/v1/deposits', 'customer')).toEqual([403, 'forbidden']);
    expect(await call('POST', '/v1/deposits', 'service')).toEqual([403, 'forbidden']);
    expect(await call('POST', '/internal/touch')).toEqual([401, 'unauthenticated']);
    expect(await call('POST', '/internal/touch', 'teller')).toEqual([403, 'forbidden']);
    expect(await call('POST', '/internal/touch', 'service')).toEqual([204, undefined]);
    expect(await call('GET', '/v1/things')).toEqual([200, undefined]);
  });

  test('a 401 says which scheme to use', async () => {
    const { app } = (await startServer()).server;
    expect((await app.inject({ method: 'POST', url: '/v1/deposits' })).headers['www-authenticate']).toBe('Bearer');
  });

  test('may be found out later, and a fault in finding out is 503', async () => {
    const fault = new Fault('keys-away', 'x', { retryable: true, retryAfterSeconds: 3 });
    const throwing = () => {
      throw fault;
    };
    for (const [authenticate, status] of [
      [async () => teller, 201],
      [() => Promise.reject(fault), 503],
      [throwing, 503],
    ] as const) {
      const { postDeposit } = await startServer(undefined, { authenticate });
      const response = await postDeposit(goodBody);
      expect([response.statusCode, response.headers['retry-after']]).toEqual([
        status,
        status === 503 ? '3' : undefined,
      ]);
    }
  });

  test('a public route never sees a principal', async () => {
    const { server } = await startServer([endpoint(listThings, (call) => ({ status: 200, body: call.principal }))]);
    const response = await server.app.inject({
      method: 'GET',
      url: '/v1/things',
      headers: { authorization: 'teller' },
    });
    expect(response.json()).toEqual({ subject: 'anonymous', kind: 'anonymous', roles: [] });
  });
});

describe('the Idempotency-Key', () => {
  test('is required, printable and at most 255 long', async () => {
    const { app } = (await startServer()).server;
    const code = async (more: Record<string, string>) => {
      const headers = { authorization: 'teller', ...more };
      return (await app.inject({ method: 'POST', url: '/v1/deposits', headers, payload: goodBody })).json().code;
    };
    expect(await code({})).toBe('idempotency-key-missing');
    expect(await code({ 'idempotency-key': '' })).toBe('idempotency-key-invalid');
    expect(await code({ 'idempotency-key': 'x'.repeat(256) })).toBe('idempotency-key-invalid');
    expect(await code({ 'idempotency-key': 'caf\u00e9' })).toBe('idempotency-key-invalid');
    expect(await code({ 'idempotency-key': 'x'.repeat(255) })).toBeUndefined();
    expect(await code({ 'idempotency-key': 'a, b' })).toBeUndefined();
  });
});

describe('an address', () => {
  test('nobody serves is 404, with an ill-formed id too; a wrong method is 405 with Allow', async () => {
    const { app } = (await startServer()).server;
    const send = async (method: string, url: string) => {
      const response = await app.inject({ method: method as 'GET', url, headers: { authorization: 'teller' } });
      return [response.statusCode, response.json().code, response.headers.allow];
    };
    expect(await send('GET', '/v1/nowhere')).toEqual([404, 'not-found', undefined]);
    expect(await send('POST', '/v1/nowhere')).toEqual([404, 'not-found', undefined]);
    expect(await send('GET', '/v1/things/abc')).toEqual([404, 'not-found', undefined]);
    expect(await send('GET', `/v1/things/${'x'.repeat(500)}`)).toEqual([404, 'not-found', undefined]);
    expect(await send('GET', `/v1/things/${ID}/`)).toEqual([404, 'not-found', undefined]);
    expect(await send('GET', '/v1/deposits')).toEqual([405, 'method-not-allowed', 'POST']);
    expect(await send('DELETE', `/v1/things/${ID}`)).toEqual([405, 'method-not-allowed', 'GET, HEAD']);
    expect(await send('OPTIONS', '/v1/things?x=1')).toEqual([405, 'method-not-allowed', 'GET, HEAD']);
    expect(await send('PROPFIND', '/v1/nowhere')).toEqual([404, 'not-found', undefined]);
    expect(await send('GET', '/v1/things/%zz')).toEqual([400, 'invalid-request', undefined]);
  });
});

describe('a handler that fails', () => {
  test('with a retryable fault is 503 with Retry-After', async () => {
    const { postDeposit, logged } = await startServer([
      endpoint(deposit, () => {
        throw new Fault('database-unavailable', 'canary dsn', { retryable: true, retryAfterSeconds: 0.2 });
      }),
    ]);
    const response = await postDeposit(goodBody);
    expect(response.statusCode).toBe(503);
    expect([response.json().code, response.headers['retry-after']]).toEqual(['service-unavailable', '1']);
    expect(response.payload).not.toContain('canary');
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({ status: 503, fault: 'database-unavailable' });
  });

  const throwing = (): Reply => {
    throw new Error('canary');
  };
  test.each<[string, () => Reply | Promise<Reply>]>([
    ['throwing', throwing],
    ['rejecting', () => Promise.reject(new Error('canary'))],
    ['rejecting with a lasting fault', () => Promise.reject(new Fault('broken', 'canary'))],
    ['rejecting with text', () => Promise.reject('canary')],
    ['answering with a bigint', () => ({ status: 201, body: { amount: 5n } })],
    ['answering with a broken header', () => ({ status: 201, body: {}, headers: { 'x-bad': 'a\r\nset-cookie: x' } })],
  ])('by %s is 500, logged in full and told in none', async (_name, handle) => {
    const { postDeposit, logged } = await startServer([endpoint(deposit, handle)]);
    const response = await postDeposit(goodBody);
    expect([response.statusCode, response.json().code]).toEqual([500, 'internal-error']);
    expect(response.payload).not.toMatch(/canary|stack|bigint/i);
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(logged.map((line) => JSON.parse(line).level)).toEqual(['error', 'warn']);
  });
});

describe('with validateResponses', () => {
  async function statusOf(contract: RouteContract, reply: Reply) {
    const { server } = await startServer([endpoint(contract, () => reply)], { validateResponses: true });
    const response = await server.app.inject({
      method: contract.method,
      url: contract.path.replace('{id}', ID),
      headers: { authorization: 'teller', 'idempotency-key': 'k' },
      ...(contract.body === undefined ? {} : { payload: goodBody }),
    });
    return response.statusCode;
  }
  const problem = (code: string) => ({ type: 't', title: 't', status: 422, code, detail: 'd', traceId: 'x' });

  test('only answers that keep the contract pass', async () => {
    expect(await statusOf(getThing, { status: 200, body: { id: 'x' } })).toBe(200);
    expect(await statusOf(getThing, { status: 200, text: '{"id":"x"}' })).toBe(200);
    expect(await statusOf(getThing, { status: 200, body: { id: 'x', more: 1 } })).toBe(500);
    expect(await statusOf(getThing, { status: 200, text: '{"id":1}' })).toBe(500);
    expect(await statusOf(getThing, { status: 202, body: { id: 'x' } })).toBe(500);
    expect(await statusOf(deposit, { status: 422, body: problem('insufficient-funds') })).toBe(422);
    expect(await statusOf(deposit, { status: 422, body: problem('idempotency-key-reused') })).toBe(422);
    expect(await statusOf(deposit, { status: 422, body: problem('unlisted') })).toBe(500);
    expect(await statusOf(deposit, { status: 422, body: { error: 'x' } })).toBe(500);
  });
});

describe('draining', () => {
  test('answers what is under way and refuses what comes after', async () => {
    const held = Promise.withResolvers<Reply>();
    const { server } = await startServer([endpoint(listThings, () => held.promise)]);
    const first = server.app.inject({ method: 'GET', url: '/v1/things' });
    // Registered only once the loop has turned, as injection starts on the next tick.
    await new Promise(setImmediate);
    const drained = server.drain();
    const second = await server.app.inject({ method: 'GET', url: '/v1/things' });
    expect([second.statusCode, second.headers['retry-after']]).toEqual([503, '1']);
    held.resolve({ status: 200, body: {} });
    expect((await first).statusCode).toBe(200);
    await drained;
  });
});
