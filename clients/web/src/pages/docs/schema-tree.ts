import type { Schema } from './openapi.ts';

/** One line of a schema that is read from top to bottom: a name, what it is, and what is inside. */
export interface SchemaNode {
  /** '' for the root of a body or an answer. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
  /** What else must hold. */
  readonly limits: readonly Limit[];
  readonly children: readonly SchemaNode[];
}

/** A bound on how long, how many or how large, or what stands for a value that is left out. */
export type Limit =
  | { readonly kind: 'characters' | 'items' | 'value'; readonly least?: number; readonly most?: number }
  | { readonly kind: 'default'; readonly value: string };

/** No schema of ours is deeper; one that refers to itself ends here. */
const DEPTH_MAX = 12;

/** A body or an answer as a tree of names. */
export function schemaTree(schema: Schema): SchemaNode {
  return nodeOf('', schema, true, 0);
}

function nodeOf(name: string, schema: Schema, isRequired: boolean, depth: number): SchemaNode {
  const inner = innermost(schema);
  return {
    name,
    type: typeOf(schema),
    isRequired,
    description: schema.description ?? '',
    limits: limitsOf(schema),
    children: depth >= DEPTH_MAX || isMoney(inner) ? [] : propertiesOf(inner, depth + 1),
  };
}

function propertiesOf({ properties = {}, required = [] }: Schema, depth: number): SchemaNode[] {
  return Object.entries(properties).map(([name, property]) => nodeOf(name, property, required.includes(name), depth));
}

/** What has the properties: the item of a list, the one alternative that is not null. */
function innermost(schema: Schema): Schema {
  if (schema.items !== undefined) return innermost(schema.items);
  const alternatives = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  const [only] = alternatives;
  return only !== undefined && alternatives.length === 1 ? innermost(only) : schema;
}

/** What a value is, as one would write it in TypeScript: `string`, `Money`, `"in" | "out"`, `object[]`. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.items !== undefined) return `${inBrackets(typeOf(schema.items))}[]`;
  if (isMoney(schema)) return 'Money';
  return schema.format ?? schema.type ?? 'any';
}

function inBrackets(type: string): string {
  return type.includes(' | ') ? `(${type})` : type;
}

/** An amount with its currency, which is explained once instead of at every place it stands. */
function isMoney({ properties }: Schema): boolean {
  const names = Object.keys(properties ?? {})
    .toSorted()
    .join(' ');
  return names === 'amount currency' && properties?.['amount']?.type === 'string';
}

function limitsOf(schema: Schema): Limit[] {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems } = schema;
  return [
    ...boundsOf('characters', minLength, maxLength),
    ...boundsOf('items', minItems, maxItems),
    ...boundsOf('value', minimum, maximum),
    ...(schema.default === undefined ? [] : [{ kind: 'default' as const, value: JSON.stringify(schema.default) }]),
  ];
}

function boundsOf(
  kind: 'characters' | 'items' | 'value',
  least: number | undefined,
  most: number | undefined,
): Limit[] {
  if (least === undefined && most === undefined) return [];
  return [{ kind, ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }) }];
}
