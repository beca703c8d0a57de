import type { JsonSchema } from '@florin/http';
import fc from 'fast-check';

/** What fields of these names hold, whatever their schema says: ids that exist, accounts that can be paid. */
export type KnownWords = Readonly<Record<string, readonly unknown[]>>;

export interface ArbitraryOptions {
  readonly words: KnownWords;
  /** Optional fields that are never there. */
  readonly leftOut?: ReadonlySet<string>;
}

const ITEMS_MAX = 3;
const TEXT_MAX = 60;

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Values that keep a schema of a contract; the small part of JSON Schema that contracts are written in. */
export function arbitraryOf(schema: JsonSchema, options: ArbitraryOptions): fc.Arbitrary<unknown> {
  return valuesOf(schema as Schema, options);
}

function valuesOf(schema: Schema, options: ArbitraryOptions): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => valuesOf(one, options)));
  switch (schema.type) {
    case 'object':
      return objectOf(schema, options);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, options), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? ITEMS_MAX, Math.max(ITEMS_MAX, schema.minItems ?? 0)),
      });
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000_000 });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000_000, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(`the generator does not know this schema yet: ${JSON.stringify(schema)}`);
  }
}

function objectOf(schema: Schema, options: ArbitraryOptions): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], maxProperties } = schema;
  const names = Object.keys(properties).filter((name) => required.includes(name) || !options.leftOut?.has(name));
  const fields = Object.fromEntries(
    names.map((name) => {
      const words = options.words[name];
      const isText = properties[name]?.type === 'string' || properties[name]?.type === 'array';
      return [
        name,
        words !== undefined && isText ? fc.constantFrom(...words) : valuesOf(properties[name] ?? {}, options),
      ];
    }),
  );
  if (maxProperties !== undefined) {
    return fc.constantFrom(...names).chain((name) => fc.record({ [name]: fields[name] ?? fc.constant(null) }));
  }
  return fc.record(fields, { requiredKeys: names.filter((name) => required.includes(name)) });
}

function textOf({ pattern, format, minLength = 0, maxLength = TEXT_MAX }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      .map((one) => one.toISOString());
  // Lookaheads are beyond the generator; what they ask for is text that is not blank.
  if (pattern !== undefined && !pattern.includes('(?=') && !pattern.startsWith('^[^')) {
    return fc.stringMatching(new RegExp(pattern, 'u'));
  }
  const letters = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ]*$/u);
  return letters.map((text) => text.padEnd(Math.max(1, minLength), 'x').slice(0, Math.min(maxLength, TEXT_MAX)));
}
