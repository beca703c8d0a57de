import { ProblemShape, type RouteContract } from '@florin/contracts';
import { GATEWAY_PROBLEMS } from '@florin/gateway';
import { COMMON_PROBLEMS } from '@florin/http';
import { Compile } from 'typebox/compile';
import { expect } from 'vitest';
import type { Seen } from './asking.ts';
import { type AttackedBank, PASSWORD } from './attacked-bank.ts';
import { settled } from './people.ts';
import type { Fingerprint } from './stores.ts';

const problem = Compile(ProblemShape);

/** What no answer and no log line may hold: what was typed in, what is stored hashed, and how we are made. */
const CANARIES: readonly RegExp[] = [
  new RegExp(PASSWORD),
  /canary-password/,
  /\$argon2/,
  /eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/,
];
const INSIDES: readonly RegExp[] = [
  /node_modules/,
  /\bat [^ ]+ \([^)]*:\d+:\d+\)/,
  /\.ts:\d+/,
  /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b [a-z]/,
  /\b(pg_|postgres|syntax error|duplicate key|constraint)\b/i,
  /florin_(users|accounts|transactions|notifications)/,
];

/** A refusal as everybody gets it: a problem by RFC 9457 with our code, and nothing of our insides. */
export function expectProblem(seen: Seen, status: number, code?: string): void {
  expect(seen.status, seen.text).toBe(status);
  expect(seen.headers['content-type']).toMatch(/^application\/problem\+json(;|$)/);
  expect(problem.Check(seen.body), seen.text).toBe(true);
  expect(seen.body).toMatchObject({ status, ...(code === undefined ? {} : { code }) });
  expectNothingOfOurs(seen.text);
}

/** Nothing secret and nothing about our insides is in a text that goes out. */
export function expectNothingOfOurs(text: string): void {
  for (const pattern of [...CANARIES, ...INSIDES]) expect(text).not.toMatch(pattern);
}

/** What of the canaries is in a text; nothing when it is clean. */
export function secretsIn(text: string): readonly string[] {
  return CANARIES.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
}

/** Nothing secret was logged since the start. Our insides may be there: that is what the log is for. */
export function expectCleanLog(attacked: AttackedBank): void {
  expect(secretsIn(attacked.logged())).toEqual([]);
}

/** Runs an attack that must not change anything anybody has, once what happened before has come everywhere. */
export async function changesNothing<Result>(attacked: AttackedBank, attack: () => Promise<Result>): Promise<Result> {
  await settled(attacked);
  const before: Fingerprint = await attacked.stores.fingerprint();
  const result = await attack();
  expect(await attacked.stores.fingerprint()).toEqual(before);
  return result;
}

/** Two answers that an attacker can not tell apart; the trace is another for each request. */
export function withoutTrace(seen: Seen) {
  const { traceId: _, ...body } = seen.body;
  const { date: _date, ...headers } = seen.headers;
  for (const name of Object.keys(headers)) if (name.startsWith('ratelimit-')) delete headers[name];
  return { status: seen.status, headers, body };
}

const shapes = new Map<RouteContract, ReadonlyMap<number, { Check(value: unknown): boolean }>>();

/** Why an answer does not keep the contract of its operation; undefined when it does. */
export function contractBreach(contract: RouteContract, seen: Seen): string | undefined {
  if (seen.status >= 500) return `answered ${seen.status}`;
  if (seen.status >= 400) return problemBreach(contract, seen);
  const byStatus =
    shapes.get(contract) ??
    new Map(Object.entries(contract.responses).map(([status, schema]) => [Number(status), Compile(schema)]));
  shapes.set(contract, byStatus);
  const shape = byStatus.get(seen.status);
  if (shape === undefined) return `status ${seen.status} is not in the contract`;
  if (seen.headers['content-type']?.includes('json') !== true) return undefined;
  return shape.Check(JSON.parse(seen.text)) ? undefined : `the answer has another shape: ${seen.text}`;
}

function problemBreach({ problems = [], idempotent }: RouteContract, { body, text }: Seen): string | undefined {
  if (text === '') return undefined;
  if (!problem.Check(body)) return `not a problem: ${text}`;
  const { code } = body;
  const known: readonly string[] = [...COMMON_PROBLEMS, ...Object.keys(GATEWAY_PROBLEMS), ...problems];
  if (known.includes(code) || (idempotent === true && code.startsWith('idempotency-'))) return undefined;
  return `${code} is not a problem of this operation`;
}
