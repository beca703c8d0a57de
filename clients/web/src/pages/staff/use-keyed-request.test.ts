import { ApiProblem } from '@florin/sdk';
import { expect, it } from 'vitest';
import { isOutcomeOpen } from './use-keyed-request.ts';

const problem = (status: number, code: string) => new ApiProblem({ status, code, detail: '' });

it.each([
  [0, 'unreachable'],
  [500, 'internal-error'],
  [502, 'unexpected-answer'],
  [503, 'service-unavailable'],
  [200, 'unexpected-answer'],
  [409, 'account-busy'],
  [409, 'idempotency-key-in-flight'],
  [429, 'rate-limited'],
  [401, 'unauthenticated'],
])('%i %s leaves open what happened: the key is kept', (status, code) => {
  expect(isOutcomeOpen(problem(status, code))).toBe(true);
});

it.each([
  [400, 'invalid-request'],
  [403, 'forbidden'],
  [404, 'transfer-not-found'],
  [409, 'already-reversed'],
  [409, 'account-not-active'],
  [422, 'insufficient-funds'],
  [422, 'second-person-required'],
])('%i %s is decided: the next request is a new one', (status, code) => {
  expect(isOutcomeOpen(problem(status, code))).toBe(false);
});

it('what is no problem of the bank says nothing about what it did', () => {
  expect(isOutcomeOpen(new TypeError('a mistake of the page'))).toBe(true);
});
