import { createHash } from 'node:crypto';
import type { Json, SagaCommand } from './outcome.ts';

/**
 * What tells two commands of one name apart: a hash of the operation and its payload, whatever the order of names in it,
 * because a payload that was read back from a database has lost its own.
 */
export function fingerprintOf({ operation, payload }: Pick<SagaCommand, 'operation' | 'payload'>): string {
  return createHash('sha256')
    .update(`${operation}\n${canonical(payload)}`)
    .digest('hex');
}

function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
