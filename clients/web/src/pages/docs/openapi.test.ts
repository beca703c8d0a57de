import { describe, expect, it } from 'vitest';
import { byTag, findOperations, type OpenApi, operationsOf } from './openapi.ts';

const DOCUMENT: OpenApi = {
  info: { title: 'Florin', version: '1' },
  paths: {
    '/v1/transfers': {
      post: {
        operationId: 'createTransfer',
        summary: 'Move money between two accounts',
        tags: ['transactions'],
        security: [{ bearer: [] }],
        'x-roles': ['customer'],
        'x-problem-codes': ['insufficient-funds'],
        parameters: [{ $ref: '#/components/parameters/IdempotencyKey', name: '', in: '' }],
        requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
        responses: {
          201: { content: { 'application/json': { schema: { type: 'object' } } } },
          400: { content: { 'application/problem+json': { schema: {} } } },
        },
      },
    },
    '/v1/me': {
      get: {
        operationId: 'getMe',
        summary: 'Who I am',
        tags: ['users'],
        security: [],
        responses: { 204: {}, 302: {} },
      },
    },
    '/v1/payees': { get: { operationId: 'listPayees', summary: 'Whom I pay', tags: ['transactions'] } },
  },
  components: {
    parameters: { IdempotencyKey: { name: 'Idempotency-Key', in: 'header', required: true } },
  },
};
const operations = operationsOf(DOCUMENT);

describe('operationsOf', () => {
  it('has everything one needs to call an operation', () => {
    expect(operations[0]).toEqual({
      id: 'createTransfer',
      method: 'POST',
      path: '/v1/transfers',
      summary: 'Move money between two accounts',
      tag: 'transactions',
      isPublic: false,
      roles: ['customer'],
      parameters: [{ name: 'Idempotency-Key', in: 'header', required: true }],
      body: { type: 'object' },
      answers: [{ status: '201', mediaTypes: ['application/json'], schema: { type: 'object' } }],
      problemCodes: ['insufficient-funds'],
    });
  });

  it('knows who needs no token, and answers without a body', () => {
    expect(operations[1]).toMatchObject({
      isPublic: true,
      answers: [
        { status: '204', mediaTypes: [] },
        { status: '302', mediaTypes: [] },
      ],
    });
  });
});

it('groups by tag in the order they come', () => {
  expect(byTag(operations).map(({ tag, operations: members }) => [tag, members.map(({ id }) => id)])).toEqual([
    ['transactions', ['createTransfer', 'listPayees']],
    ['users', ['getMe']],
  ]);
});

describe('findOperations', () => {
  it.each([
    ['', ['createTransfer', 'getMe', 'listPayees']],
    ['money MOVE', ['createTransfer']],
    ['get /v1', ['getMe', 'listPayees']],
    ['insufficient', ['createTransfer']],
    ['customer', ['createTransfer']],
    ['money payees', []],
  ])('%j finds %j', (text, ids) => {
    expect(findOperations(operations, text).map(({ id }) => id)).toEqual(ids);
  });
});
