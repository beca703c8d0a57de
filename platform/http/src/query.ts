import { fail, ok, type Result } from '@florin/primitives';
import type { TObject } from 'typebox';
import { type JsonSchema, toJsonSchema } from './json-schema.ts';
import { type FieldError, pointerStep } from './problem.ts';

/** Turns a raw query string (without `?`) into values of the contract's types, or says what is wrong with it. */
export type QueryParser = (text: string) => Result<Record<string, unknown>, readonly FieldError[]>;

/**
 * A parser for one contract. A query string is text, so integers, numbers and booleans are read by the contract's
 * schema here; ranges and patterns are left to validation. Unknown names are refused, unless the contract has a schema for
 * them (`additionalProperties`): then they are text. A name may come twice only where the contract says list. Missing names take the contract's default.
 */
export function queryParser(schema: TObject): QueryParser {
  const shape = toJsonSchema(schema);
  const parameters = describeParameters(shape);
  const others = typeof shape['additionalProperties'] === 'object' ? OTHER : undefined;

  return (text) => {
    // Without a prototype: names that nobody knows may be any.
    const values: Record<string, unknown> = Object.create(null);
    for (const pair of text === '' ? [] : text.split('&')) {
      const error = addPair(values, pair, (name) => parameters.get(name) ?? others);
      if (error !== undefined) return fail([error]);
    }
    for (const [name, parameter] of parameters) {
      if (parameter.default !== undefined && !Object.hasOwn(values, name)) values[name] = parameter.default;
    }
    return ok(values);
  };
}

interface Parameter {
  readonly type: unknown;
  readonly isList: boolean;
  readonly default: unknown;
}

const OTHER: Parameter = { type: 'string', isList: false, default: undefined };

function describeParameters(schema: JsonSchema): ReadonlyMap<string, Parameter> {
  const properties = Object.entries(schema['properties'] as Readonly<Record<string, JsonSchema>>);
  return new Map(
    properties.map(([name, property]) => {
      const isList = property['type'] === 'array';
      const item = isList ? (property['items'] as JsonSchema) : property;
      return [name, { type: item['type'], isList, default: property['default'] }];
    }),
  );
}

function addPair(
  values: Record<string, unknown>,
  pair: string,
  parameterOf: (name: string) => Parameter | undefined,
): FieldError | undefined {
  const equals = pair.indexOf('=');
  const name = decode(equals === -1 ? pair : pair.slice(0, equals));
  const text = decode(equals === -1 ? '' : pair.slice(equals + 1));
  if (name === undefined || text === undefined) return { path: '', message: 'is not valid percent-encoded UTF-8' };

  const path = pointerStep(name);
  const parameter = parameterOf(name);
  if (parameter === undefined) return { path, message: 'is not a known parameter' };
  const value = read(text, parameter.type);
  if (value === undefined) return { path, message: `must be of type ${String(parameter.type)}` };

  const before = values[name];
  if (Array.isArray(before)) before.push(value);
  else if (before === undefined) values[name] = parameter.isList ? [value] : value;
  else return { path, message: 'is given more than once' };
  return undefined;
}

/** As browsers write queries (WHATWG URL, application/x-www-form-urlencoded); undefined when it is not UTF-8. */
function decode(text: string): string | undefined {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const INTEGER = /^-?(?:0|[1-9]\d{0,15})$/;
const NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;

function read(text: string, type: unknown): unknown {
  switch (type) {
    case 'integer':
      return INTEGER.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case 'number':
      return NUMBER.test(text) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    default:
      return text;
  }
}
