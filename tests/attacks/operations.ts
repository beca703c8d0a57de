import { bankRoutes, gatewayRoutes, type RouteContract } from '@florin/contracts';
import { type JsonSchema, toJsonSchema } from '@florin/http';
import fc from 'fast-check';
import { arbitraryOf, type KnownWords } from './arbitrary-of.ts';
import type { Attack, Method } from './asking.ts';
import { inAYear } from './people.ts';

/** Every operation of the bank: a new one is attacked on the day it lands. */
export const OPERATIONS: readonly RouteContract[] = [...bankRoutes, ...gatewayRoutes];

/** Its answer does not end by itself; only its head is asked for. */
export function methodOf({ method, media }: RouteContract): Method {
  return media?.includes('text/event-stream') === true ? 'HEAD' : method;
}

/** Fills a path in; what is not given is an id that nothing has. */
export function pathOf({ path }: RouteContract, params: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (slot, name: string) =>
    // Half of a surrogate pair can not be written in an address.
    encodeURIComponent((params[name] ?? NOTHING[path.slice(0, path.indexOf(slot)) + slot] ?? NO_ID).toWellFormed()),
  );
}

const NO_ID = '00000000-0000-7000-8000-000000000000';

/** What stands in a path without being one of our ids, by the path up to it. */
const NOTHING: Readonly<Record<string, string>> = {
  '/v1/accounts/{id}/statements/{period}': '1999-01',
  '/v1/users/{id}/roles/{role}': 'teller',
  '/v1/me/sessions/{id}': 'x'.repeat(43),
  '/v1/me/devices/{id}': 'x'.repeat(43),
  '/v1/me/consents/{id}': 'x'.repeat(43),
  '/interaction/{uid}/federation/{provider}': 'nowhere',
};

export function schemaOf(part: RouteContract['body']): JsonSchema | undefined {
  return part === undefined ? undefined : toJsonSchema(part);
}

/** What people write in fields of these names, so that a request is not refused before it comes to the rules. */
export const WORDS: KnownWords = {
  productCode: ['current-eur'],
  currency: ['EUR'],
  amount: ['1.00'],
  toIban: ['DE89370400440532013000'],
  iban: ['DE89370400440532013000'],
  reason: ['Because it was asked for'],
  startDate: [inAYear()],
  endDate: [inAYear()],
  date: [inAYear()],
  from: ['2026-01-01'],
  to: ['2026-12-31'],
  month: ['2026-11'],
  minAmount: ['0.01'],
  maxAmount: ['999.99'],
  email: ['canary.address@example.com'],
  password: ['canary-password-typed-in'],
  name: ['Nora Nobody'],
  payeeName: ['Nora Nobody'],
  return_to: ['/accounts'],
};

/** Required fields only of these: more than one way to say the same thing, or a way on that needs more than a request. */
export const LEFT_OUT = new Set([
  'cursor',
  'endDate',
  'coordination',
  'toAccountId',
  'dailyLimit',
  'force',
  'sagaId',
  'restTo',
  'reason',
]);

const SEED = 1;

/** One request that keeps the contract, the same each time. */
export function exampleOf(contract: RouteContract, words: KnownWords = {}): Pick<Attack, 'method' | 'path' | 'body'> {
  const sample = (schema: JsonSchema | undefined): unknown => {
    if (schema === undefined) return undefined;
    const arbitrary = arbitraryOf(schema, { words: { ...WORDS, ...words }, leftOut: LEFT_OUT });
    return fc.sample(arbitrary, { seed: SEED, numRuns: 1 })[0];
  };
  const query = sample(schemaOf(contract.query)) as Readonly<Record<string, unknown>> | undefined;
  const body = sample(schemaOf(contract.body));
  return {
    method: methodOf(contract),
    path: `${pathOf(contract)}${queryText(query)}`,
    ...(body === undefined ? {} : { body }),
  };
}

export function queryText(query: Readonly<Record<string, unknown>> | undefined): string {
  if (query === undefined) return '';
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, typeof one === 'object' ? JSON.stringify(one) : String(one)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
