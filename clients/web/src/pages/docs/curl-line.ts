import type { Operation, Parameter, Schema } from './openapi.ts';

/**
 * A line for a shell that calls an operation: what it needs stands there, with variables for what only the reader has
 * (`$TOKEN`, `$KEY`, `$ID`). One key serves every retry of one piece of work, so it is a variable too.
 */
export function curlLine(operation: Operation, baseUrl: string): string {
  const { method, parameters, body, isPublic } = operation;
  const lines = [`curl${method === 'GET' ? '' : ` -X ${method}`} "${addressOf(operation, baseUrl)}"`];
  if (!isPublic) lines.push('-H "authorization: Bearer $TOKEN"');
  if (parameters.some(isIdempotencyKey)) lines.push('-H "idempotency-key: $KEY"');
  if (body !== undefined)
    lines.push("-H 'content-type: application/json'", `-d '${quoted(JSON.stringify(exampleOf(body)))}'`);
  return lines.join(' \\\n  ');
}

/** A text between a shell's single quotes, where only they mean something. */
function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}

function isIdempotencyKey({ in: place, name }: Parameter): boolean {
  return place === 'header' && name.toLowerCase() === 'idempotency-key';
}

function addressOf({ path, parameters }: Operation, baseUrl: string): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => variableOf(name));
  const query = parameters
    .filter(({ in: place, required }) => place === 'query' && required === true)
    .map(({ name }) => `${name}=${variableOf(name)}`);
  return `${baseUrl}${filled}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** `transactionId` as a shell writes it: `$TRANSACTION_ID`. */
function variableOf(name: string): string {
  return `$${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`;
}

/** A value that a schema takes, with what is required only. */
export function exampleOf(schema: Schema): unknown {
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  const [first] = schema.anyOf ?? [];
  if (first !== undefined) return exampleOf(first);
  switch (schema.type) {
    case 'object':
      return exampleObject(schema);
    case 'array':
      return schema.items === undefined ? [] : [exampleOf(schema.items)];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return exampleText(schema);
  }
}

function exampleObject({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const wanted = Object.entries(properties).filter(([name]) => required.includes(name));
  // Where everything is optional, the first says more than an empty object.
  const shown = wanted.length === 0 ? Object.entries(properties).slice(0, 1) : wanted;
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property)]));
}

function exampleText({ format, pattern = '', minLength = 0 }: Schema): string {
  if (format === 'uuid') return '00000000-0000-7000-8000-000000000000';
  if (format === 'date-time') return '2026-01-31T12:00:00Z';
  if (pattern.startsWith('^\\d{4}-\\d{2}-\\d{2}')) return '2026-01-31';
  if (pattern.startsWith('^[A-Z]{3}')) return 'EUR';
  return 'text'.padEnd(minLength, '.');
}
