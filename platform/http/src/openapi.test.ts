import { createTransfer, getTransfer, putLedgerAccount, route, transactionsRoutes } from '@florin/contracts';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { openApiDocument } from './openapi.ts';

const about = { title: 'Florin', version: '0.1.0', servers: [{ url: '/' }] };
const document = openApiDocument(transactionsRoutes, about);

test('holds every public operation once, and no internal one', () => {
  const published = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((one) => one['operationId']),
  );
  const expected = transactionsRoutes.filter((one) => one.access.kind !== 'internal').map((one) => one.operationId);
  expect(published.toSorted()).toEqual(expected.toSorted());
  expect(JSON.stringify(document)).not.toContain(putLedgerAccount.path);
});

test('describes an operation whole', () => {
  const operation = document.paths[createTransfer.path]?.['post'];
  expect(operation).toMatchObject({
    tags: ['transactions'],
    summary: createTransfer.summary,
    security: [{ bearer: [] }],
    'x-roles': ['customer'],
    parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }],
    requestBody: { required: true, content: { 'application/json': { schema: { additionalProperties: false } } } },
    responses: {
      201: { content: { 'application/json': { schema: { properties: { status: { enum: expect.any(Array) } } } } } },
      400: { $ref: '#/components/responses/BadRequest' },
      422: { $ref: '#/components/responses/Unprocessable' },
    },
  });
  expect(operation?.['x-problem-codes']).toEqual(expect.arrayContaining([...createTransfer.problems, 'forbidden']));
  expect(document.paths[getTransfer.path]?.['get']).toMatchObject({
    'x-permission': ['transfers:read:own', 'transfers:read:any'],
    'x-roles': ['customer', 'teller', 'supervisor', 'auditor'],
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
    responses: { 404: { $ref: '#/components/responses/NotFound' } },
  });
});

test('a public operation needs no token, and a query is described by its schema', () => {
  const open = route({
    operationId: 'open',
    service: 'users',
    method: 'GET',
    path: '/v1/open',
    summary: 'Open',
    access: { kind: 'public' },
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ default: 25, description: 'How many' })),
      q: Type.String(),
    }),
    responses: { 200: Type.Object({}) },
  });
  const operation = openApiDocument([open], about).paths['/v1/open']?.['get'];
  expect(operation?.['security']).toEqual([]);
  expect(operation).not.toHaveProperty('x-roles');
  expect(operation).not.toHaveProperty('x-permission');
  expect(operation?.['parameters']).toEqual([
    { name: 'limit', in: 'query', required: false, description: 'How many', schema: { type: 'integer', default: 25 } },
    { name: 'q', in: 'query', required: true, schema: { type: 'string' } },
  ]);
});

test('is plain JSON in which every reference leads somewhere', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(document)));
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(references.length).toBeGreaterThan(10);
  for (const reference of new Set(references)) {
    const target = reference
      .split('/')
      .reduce<unknown>((node, step) => (node as Record<string, unknown>)?.[step], document);
    expect(target, reference).toBeDefined();
  }
});
