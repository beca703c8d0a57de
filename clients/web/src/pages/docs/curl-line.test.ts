import { describe, expect, it } from 'vitest';
import { curlLine, exampleOf } from './curl-line.ts';
import type { Operation, Schema } from './openapi.ts';

const GET_ME: Operation = {
  id: 'getMe',
  method: 'GET',
  path: '/v1/me',
  summary: '',
  tag: 'users',
  isPublic: false,
  roles: [],
  parameters: [],
  answers: [],
  problemCodes: [],
};

describe('curlLine', () => {
  it('carries a token', () => {
    expect(curlLine(GET_ME, 'http://localhost:8080')).toBe(
      'curl "http://localhost:8080/v1/me" \\\n  -H "authorization: Bearer $TOKEN"',
    );
  });

  it('needs none where anybody may ask', () => {
    expect(curlLine({ ...GET_ME, isPublic: true }, '')).toBe('curl "/v1/me"');
  });

  it('has variables for what only the reader has, the key among them, and a body that is required', () => {
    const operation: Operation = {
      ...GET_ME,
      method: 'POST',
      path: '/v1/accounts/{id}/lines/{transactionId}',
      parameters: [
        { name: 'id', in: 'path', required: true },
        { name: 'transactionId', in: 'path', required: true },
        { name: 'iban', in: 'query', required: true },
        { name: 'limit', in: 'query' },
        { name: 'Idempotency-Key', in: 'header', required: true },
      ],
      body: {
        type: 'object',
        required: ['amount'],
        properties: { amount: { type: 'string', examples: ['125.50'] }, note: { type: 'string' } },
      },
    };
    expect(curlLine(operation, 'http://bank.example')).toBe(
      [
        'curl -X POST "http://bank.example/v1/accounts/$ID/lines/$TRANSACTION_ID?iban=$IBAN"',
        '-H "authorization: Bearer $TOKEN"',
        '-H "idempotency-key: $KEY"',
        "-H 'content-type: application/json'",
        `-d '{"amount":"125.50"}'`,
      ].join(' \\\n  '),
    );
  });
});

it('a quote in a body does not end it', () => {
  const body: Schema = { type: 'object', properties: { name: { type: 'string', examples: ["O'Hara"] } } };
  expect(curlLine({ ...GET_ME, body }, '')).toContain(`-d '{"name":"O'\\''Hara"}'`);
});

it.each<[Schema, unknown]>([
  [{ type: 'string', format: 'uuid' }, '00000000-0000-7000-8000-000000000000'],
  [{ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }, '2026-01-31'],
  [{ type: 'string', pattern: '^[A-Z]{3}$' }, 'EUR'],
  [{ type: 'string', minLength: 6 }, 'text..'],
  [{ type: 'integer', minimum: 5 }, 5],
  [{ type: 'boolean' }, true],
  [{ anyOf: [{ type: 'null' }, { type: 'string' }] }, null],
  [{ enum: ['atomic', 'independent'] }, 'atomic'],
  [{ type: 'array', items: { type: 'string' } }, ['text']],
  [{ type: 'object', properties: { name: { type: 'string' }, limit: { type: 'integer' } } }, { name: 'text' }],
])('%j takes %j', (schema, example) => {
  expect(exampleOf(schema)).toEqual(example);
});
