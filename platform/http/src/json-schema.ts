import type { TSchema } from 'typebox';

/** A JSON Schema as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * A contract's schema as plain JSON Schema. Unions of literals become `enum`, which validates in one comparison, says
 * in its error what is allowed, and reads better in documentation than a list of constants.
 */
export function toJsonSchema(schema: TSchema): JsonSchema {
  return withEnums(JSON.parse(JSON.stringify(schema))) as JsonSchema;
}

/** Whether an empty object has this shape: a body of it may then be left out. */
export function mayBeLeftOut(body: TSchema): boolean {
  const {
    type,
    required = [],
    minProperties = 0,
  } = JSON.parse(JSON.stringify(body)) as {
    readonly type?: string;
    readonly required?: readonly string[];
    readonly minProperties?: number;
  };
  return type === 'object' && required.length === 0 && minProperties === 0;
}

function withEnums(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withEnums);
  if (typeof node !== 'object' || node === null) return node;
  const schema = Object.fromEntries(Object.entries(node).map(([keyword, value]) => [keyword, withEnums(value)]));
  const branches = schema['anyOf'];
  if (!Array.isArray(branches) || !branches.every(isLiteral)) return schema;
  const { anyOf: _, ...rest } = schema;
  return { type: 'string', ...rest, enum: branches.map((branch) => branch.const) };
}

function isLiteral(branch: unknown): branch is { const: string } {
  return typeof branch === 'object' && branch !== null && 'const' in branch && typeof branch.const === 'string';
}
