import { route, STRICT } from '@florin/contracts';
import { Type } from 'typebox';
import { afterEach, describe, expect, test } from 'vitest';
import { endpoint } from './endpoint.ts';
import { openApiDocument } from './openapi.ts';
import { startServer, stopServers } from './server.fixture.ts';

afterEach(stopServers);

const note = route({
  operationId: 'note',
  service: 'transactions',
  method: 'POST',
  path: '/v1/notes',
  summary: 'Note',
  access: { kind: 'public' },
  idempotent: 'sometimes',
  body: Type.Object({ text: Type.Optional(Type.String()) }, STRICT),
  responses: { 200: Type.Unknown() },
});
const rename = route({
  ...note,
  operationId: 'rename',
  path: '/v1/names',
  body: Type.Object({ text: Type.Optional(Type.String()) }, { ...STRICT, minProperties: 1 }),
});

async function start() {
  const endpoints = [note, rename].map((contract) =>
    endpoint(contract, ({ body, idempotencyKey }) => ({ status: 200, body: { body, idempotencyKey } })),
  );
  const { app } = (await startServer(endpoints)).server;
  return (url: string, headers: Record<string, string>, payload?: string) =>
    app.inject({ method: 'POST', url, headers, ...(payload === undefined ? {} : { payload }) });
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('a body that needs no field', () => {
  test('may be left out, and is empty then', async () => {
    const post = await start();
    expect((await post('/v1/notes', {})).json().body).toEqual({});
    expect((await post('/v1/notes', JSON_TYPE, '{"text":"a"}')).json().body).toEqual({ text: 'a' });
    for (const wrong of ['null', '[]', '{"more":1}']) {
      expect((await post('/v1/notes', JSON_TYPE, wrong)).statusCode).toBe(400);
    }
  });

  test('and one that needs any field may not', async () => {
    expect((await (await start())('/v1/names', {})).statusCode).toBe(400);
  });
});

describe('a key that is needed sometimes', () => {
  test.each([
    ['none', {}, 200, ''],
    ['a good one', { 'idempotency-key': 'k' }, 200, 'k'],
    ['an empty one', { 'idempotency-key': '' }, 400, undefined],
    ['one too long', { 'idempotency-key': 'k'.repeat(256) }, 400, undefined],
  ] as const)('%s', async (_, headers, status, key) => {
    const answer = await (await start())('/v1/notes', { ...headers });
    expect([answer.statusCode, answer.json().idempotencyKey]).toEqual([status, key]);
  });

  test('both are described', () => {
    const about = { title: 'Florin', version: '0.1.0', servers: [{ url: '/' }] };
    const operation = openApiDocument([note], about).paths['/v1/notes']?.['post'];
    expect(operation).toMatchObject({
      parameters: [{ name: 'Idempotency-Key', required: false }],
      requestBody: { required: false },
    });
    expect(operation?.['x-problem-codes']).toContain('idempotency-key-reused');
  });
});
