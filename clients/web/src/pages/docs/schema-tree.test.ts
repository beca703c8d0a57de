import { describe, expect, it } from 'vitest';
import type { Schema } from './openapi.ts';
import { type Limit, schemaTree, typeOf } from './schema-tree.ts';

const MONEY: Schema = {
  type: 'object',
  required: ['amount', 'currency'],
  properties: { amount: { type: 'string' }, currency: { type: 'string' } },
};

describe('typeOf', () => {
  it.each<[Schema, string]>([
    [{ type: 'string' }, 'string'],
    [{ type: 'string', format: 'uuid' }, 'uuid'],
    [{ type: 'string', enum: ['in', 'out'] }, '"in" | "out"'],
    [{ const: 'x' }, '"x"'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ type: 'array', items: { type: 'integer' } }, 'integer[]'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, '("a" | "b")[]'],
    [MONEY, 'Money'],
    [{ type: 'array', items: MONEY }, 'Money[]'],
    [{ $ref: '#/components/schemas/Problem' }, 'Problem'],
    [{}, 'any'],
  ])('%j is %s', (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });
});

describe('schemaTree', () => {
  it('lists what is inside, says what is required, and explains money once only', () => {
    const tree = schemaTree({
      type: 'object',
      required: ['amount'],
      properties: {
        amount: MONEY,
        reference: { type: 'string', maxLength: 140, description: 'For the payee' },
      },
    });
    expect(tree.children).toEqual([
      { name: 'amount', type: 'Money', isRequired: true, description: '', limits: [], children: [] },
      {
        name: 'reference',
        type: 'string',
        isRequired: false,
        description: 'For the payee',
        limits: [{ kind: 'characters', most: 140 }],
        children: [],
      },
    ]);
  });

  it('looks into lists and into what may be null', () => {
    const item: Schema = { type: 'object', properties: { id: { type: 'string' } } };
    const tree = schemaTree({
      type: 'object',
      properties: {
        data: { type: 'array', items: item },
        last: { anyOf: [item, { type: 'null' }] },
      },
    });
    expect(tree.children.map(({ type, children }) => [type, children.map(({ name }) => name)])).toEqual([
      ['object[]', ['id']],
      ['object | null', ['id']],
    ]);
  });

  it.each<[Schema, Limit[]]>([
    [{ minLength: 3, maxLength: 500 }, [{ kind: 'characters', least: 3, most: 500 }]],
    [{ minItems: 1 }, [{ kind: 'items', least: 1 }]],
    [
      { minimum: 1, maximum: 100, default: 25 },
      [
        { kind: 'value', least: 1, most: 100 },
        { kind: 'default', value: '25' },
      ],
    ],
    [{ default: 'json' }, [{ kind: 'default', value: '"json"' }]],
  ])('says the limits of %j', (schema, limits) => {
    expect(schemaTree(schema).limits).toEqual(limits);
  });

  it('ends although a schema holds itself', () => {
    const endless: { type: string; properties: Record<string, Schema> } = { type: 'object', properties: {} };
    endless.properties['child'] = endless;
    expect(JSON.stringify(schemaTree(endless)).match(/"child"/g)?.length).toBe(12);
  });
});
