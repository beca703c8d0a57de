import type { FastifyServerOptions } from 'fastify';
import { type FieldError, pointerStep } from './problem.ts';

/**
 * Ajv as every server of the bank runs it. Fastify's own defaults would drop unknown fields and turn `["1.00"]` into
 * `"1.00"`; here a value is right or refused. One error is enough to refuse, so validation stops at the first, which
 * also bounds the work a bad body can cause.
 */
export const VALIDATION: NonNullable<FastifyServerOptions['ajv']> = {
  customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: false },
  onCreate: (ajv) => {
    // Replaces the format package's patterns: ours are the canonical forms of the bank and have no branches to explore.
    ajv.addFormat('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    ajv.addFormat('date-time', { type: 'string', validate: isTimestamp });
  },
};

const TIMESTAMP = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

/** RFC 3339 in UTC, written with `Z`, on a day that exists. */
function isTimestamp(text: string): boolean {
  if (!TIMESTAMP.test(text)) return false;
  const day = Number(text.slice(8, 10));
  // Only these days can be missing from a month.
  return day < 29 || new Date(text).getUTCDate() === day;
}

/** What Ajv says of one violation; a subset of its ErrorObject. */
export interface Violation {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string | undefined;
}

/** Ajv's violations as what we tell a caller: where and why, never the value that was sent. */
export function fieldErrors(violations: readonly Violation[]): FieldError[] {
  // Of a union Ajv lists what each branch disliked and then the union itself; only the last speaks for the whole.
  const violation = violations.at(-1);
  if (violation === undefined) return [];
  const { keyword, instancePath: path, params } = violation;
  switch (keyword) {
    case 'required':
      return [{ path: path + pointerStep(String(params['missingProperty'])), message: 'is required' }];
    case 'additionalProperties':
      return [{ path: path + pointerStep(String(params['additionalProperty'])), message: 'is not a known field' }];
    case 'type':
      return [{ path, message: `must be ${withArticle(String(params['type']))}` }];
    case 'enum':
      return [{ path, message: `must be one of: ${listOf(params['allowedValues'])}` }];
    case 'const':
      return [{ path, message: `must be ${String(params['allowedValue'])}` }];
    case 'anyOf':
      return [{ path, message: 'has none of the allowed forms' }];
    case 'pattern':
      return [{ path, message: 'does not have the required form' }];
    case 'format':
      return [{ path, message: `must be a valid ${String(params['format'])}` }];
    default:
      return [{ path, message: violation.message ?? 'is not valid' }];
  }
}

function withArticle(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function listOf(values: unknown): string {
  return Array.isArray(values) ? values.join(', ') : '';
}
