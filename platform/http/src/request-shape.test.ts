import { afterEach, describe, expect, test } from 'vitest';
import { endpoint } from './endpoint.ts';
import { deposit, goodBody, ID, startServer, stopServers } from './server.fixture.ts';

afterEach(stopServers);

describe('the body', () => {
  const cases: readonly (readonly [name: string, payload: unknown, status: number, code: string, path?: string])[] = [
    ['unknown field', { ...goodBody, extra: 1 }, 400, 'invalid-request', '/extra'],
    [
      'unknown nested field',
      { ...goodBody, amount: { ...goodBody.amount, x: 1 } },
      400,
      'invalid-request',
      '/amount/x',
    ],
    ['missing field', { accountId: ID }, 400, 'invalid-request', '/amount'],
    [
      'number for text',
      { ...goodBody, amount: { amount: 5, currency: 'EUR' } },
      400,
      'invalid-request',
      '/amount/amount',
    ],
    [
      'list for text',
      { ...goodBody, amount: { amount: ['1.00'], currency: 'EUR' } },
      400,
      'invalid-request',
      '/amount/amount',
    ],
    ['text for integer', { ...goodBody, count: '5' }, 400, 'invalid-request', '/count'],
    [
      'number too large for JSON',
      JSON.stringify({ ...goodBody, count: 0 }).replace(':0}', ':1e400}'),
      400,
      'invalid-request',
      '/count',
    ],
    ['not a UUID', { ...goodBody, accountId: 'x' }, 400, 'invalid-request', '/accountId'],
    ['UUID in capitals', { ...goodBody, accountId: ID.toUpperCase() }, 400, 'invalid-request', '/accountId'],
    ['value outside a list', { ...goodBody, mode: 'gold' }, 400, 'invalid-request', '/mode'],
    ['day that does not exist', { ...goodBody, at: '2026-02-30T00:00:00Z' }, 400, 'invalid-request', '/at'],
    ['local time', { ...goodBody, at: '2026-02-20T00:00:00+01:00' }, 400, 'invalid-request', '/at'],
    ['list', [goodBody], 400, 'invalid-request', ''],
    ['null', null, 400, 'invalid-request', ''],
    [
      'repeated field',
      `{"accountId":"${ID}",${JSON.stringify(goodBody).slice(1)}`,
      400,
      'invalid-request',
      '/accountId',
    ],
    [
      'repeated field, escaped',
      `{"a\\u0063countId":"${ID}",${JSON.stringify(goodBody).slice(1)}`,
      400,
      'invalid-request',
      '/accountId',
    ],
    ['prototype', `{"__proto__":{"x":1},${JSON.stringify(goodBody).slice(1)}`, 400, 'invalid-request', '/__proto__'],
    [
      'prototype, escaped',
      `{"\\u005f_proto__":{"x":1},${JSON.stringify(goodBody).slice(1)}`,
      400,
      'invalid-request',
      '/__proto__',
    ],
    ['constructor', { ...goodBody, constructor: { prototype: { x: 1 } } }, 400, 'invalid-request', '/constructor'],
    ['empty', '', 400, 'malformed-json'],
    ['broken', '{"accountId":', 400, 'malformed-json'],
    ['two values', '{}{}', 400, 'malformed-json'],
    ['NaN', '{"count":NaN}', 400, 'malformed-json'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'malformed-json'],
    ['byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{}')]), 400, 'malformed-json'],
    ['nested 30,000 deep', '['.repeat(30_000) + ']'.repeat(30_000), 400, 'malformed-json'],
    ['64 KiB and a byte', `"${'x'.repeat(64 * 1024 - 1)}"`, 413, 'body-too-large'],
  ];
  test.each(cases)('%s is refused', async (_name, payload, status, code, path) => {
    const { postDeposit } = await startServer();
    const response = await postDeposit(payload);
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const problem = response.json();
    expect(problem).toMatchObject({
      type: `/problems/${code}`,
      code,
      status,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(problem.errors?.[0]?.path).toBe(path);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test('errors say where and why, and repeat no value', async () => {
    const { postDeposit, logged } = await startServer();
    const response = await postDeposit({ ...goodBody, accountId: 'canary-value', mode: 'canary-mode' });
    expect(response.json().errors).toEqual([{ path: '/accountId', message: 'must be a valid uuid' }]);
    const mode = await postDeposit({ ...goodBody, mode: 'canary-mode' });
    expect(mode.json().errors).toEqual([{ path: '/mode', message: 'must be one of: cash, cheque' }]);
    expect(response.payload + mode.payload + logged.join()).not.toContain('canary');
  });

  test.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/jsonp', {}],
    ['application/problem+json', {}],
    ['nonsense', {}],
    ['application/json; charset=utf-16', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('%s %o is 415', async (type, headers) => {
    const { postDeposit } = await startServer();
    const response = await postDeposit(goodBody, { 'content-type': type, ...headers });
    expect([response.statusCode, response.json().code]).toEqual([415, 'unsupported-media-type']);
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    '%s is taken',
    async (type) => {
      const { postDeposit } = await startServer();
      expect((await postDeposit(goodBody, { 'content-type': type })).statusCode).toBe(201);
    },
  );

  test('text outside ASCII arrives as it was sent', async () => {
    const { postDeposit } = await startServer();
    const body = { ...goodBody, amount: { amount: 'ünï€😀', currency: 'EUR' } };
    expect((await postDeposit(body)).json().body).toEqual(body);
  });

  test('an operation without one takes nothing or an empty object', async () => {
    const { app } = (await startServer()).server;
    const headers = { authorization: 'service', 'content-type': 'application/json' };
    const send = async (payload?: string) =>
      (
        await app.inject({
          method: 'POST',
          url: '/internal/touch',
          headers,
          ...(payload === undefined ? {} : { payload }),
        })
      ).statusCode;
    expect([await send(), await send(''), await send('{}'), await send('{"a":1}')]).toEqual([204, 204, 204, 400]);
  });

  test('a route may take more than the others', async () => {
    const big = { ...goodBody, amount: { amount: '1', currency: 'x'.repeat(100_000) } };
    const { postDeposit } = await startServer([
      endpoint(deposit, () => ({ status: 201, body: {} }), { bodyLimitBytes: 200_000 }),
    ]);
    expect((await postDeposit(big)).statusCode).toBe(201);
  });
});

describe('the query', () => {
  async function list(query: string) {
    const { server } = await startServer();
    return (await server.app.inject({ method: 'GET', url: `/v1/things${query}` })).json();
  }

  test('is read by the contract', async () => {
    expect(await list('')).toEqual({ limit: 25 });
    expect(await list('?limit=7&open=true&tag=a&tag=b%20c')).toEqual({ limit: 7, open: true, tag: ['a', 'b c'] });
    expect(await list('?tag=a+b')).toEqual({ limit: 25, tag: ['a b'] });
  });

  test.each([
    ['?limit=0', '/limit'],
    ['?limit=101', '/limit'],
    ['?limit=1.5', '/limit'],
    ['?limit=1e1', '/limit'],
    ['?limit=', '/limit'],
    ['?limit=0x10', '/limit'],
    ['?limit=5&limit=6', '/limit'],
    ['?open=yes', '/open'],
    ['?tag=toolong', '/tag/0'],
    ['?other=1', '/other'],
    ['?__proto__=1', '/__proto__'],
    ['?limit[]=1', '/limit[]'],
    ['?limit=%ff', ''],
  ])('%s is refused', async (query, path) => {
    expect(await list(query)).toMatchObject({ code: 'invalid-request', errors: [{ path }] });
  });

  test('is refused where the contract has none', async () => {
    const { app } = (await startServer()).server;
    const response = await app.inject({
      method: 'GET',
      url: `/v1/things/${ID}?x=1`,
      headers: { authorization: 'teller' },
    });
    expect(response.json()).toMatchObject({ status: 400, code: 'invalid-request' });
  });
});
