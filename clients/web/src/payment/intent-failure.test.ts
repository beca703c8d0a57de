import { ApiProblem } from '@florin/sdk';
import { describe, expect, it } from 'vitest';
import { failureOf } from './intent-failure.ts';

function problem(status: number, code: string, retryAfterSeconds?: number): ApiProblem {
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new ApiProblem({ status, code, detail: 'No.', traceId: 'trace', ...wait });
}

describe('what a failed request means', () => {
  it.each([
    [0, 'unreachable', 'unsure'],
    [408, 'request-timeout', 'unsure'],
    [425, 'unexpected-answer', 'unsure'],
    [500, 'internal-error', 'unsure'],
    [502, 'bad-gateway', 'unsure'],
    [503, 'service-unavailable', 'unsure'],
    [504, 'upstream-timeout', 'unsure'],
    // A proxy's own page says nothing about the bank.
    [403, 'unexpected-answer', 'unsure'],
    [404, 'unexpected-answer', 'unsure'],
    [409, 'account-busy', 'busy'],
    [409, 'idempotency-key-in-flight', 'in-flight'],
    [401, 'unauthenticated', 'signed-out'],
    [401, 'unexpected-answer', 'signed-out'],
    [403, 'csrf-refused', 'signed-out'],
    [429, 'rate-limited', 'too-many'],
    [429, 'unexpected-answer', 'too-many'],
    [400, 'invalid-payee', 'refused'],
    [403, 'forbidden', 'refused'],
    [404, 'account-not-found', 'refused'],
    [409, 'account-not-active', 'refused'],
    [422, 'insufficient-funds', 'refused'],
    [422, 'idempotency-key-reused', 'refused'],
  ])('%i %s is %s', (status, code, kind) => {
    expect(failureOf(problem(status, code)).kind).toBe(kind);
  });

  it('that something is to be confirmed first carries what', () => {
    const challenge = {
      id: 'c',
      hash: 'h',
      payee: { iban: 'NL91ABNA0417164300', name: null },
      amount: { amount: '1.00', currency: 'EUR' },
      expiresAt: '2027-01-15T08:05:00Z',
    };
    const error = new ApiProblem({ status: 403, code: 'confirmation-required', detail: 'Confirm.', challenge });
    expect(failureOf(error)).toEqual({ kind: 'challenged', challenge });
  });

  it('carries how long to wait, in milliseconds, and never a negative time', () => {
    expect(failureOf(problem(503, 'service-unavailable', 3))).toEqual({ kind: 'unsure', retryAfterMs: 3_000 });
    expect(failureOf(problem(429, 'rate-limited', -1))).toEqual({ kind: 'too-many', retryAfterMs: 0 });
  });

  it('keeps of a refusal what is shown, as plain data', () => {
    const refusal = { status: 422, code: 'insufficient-funds', detail: 'No.', traceId: 'trace' };
    expect(failureOf(problem(422, 'insufficient-funds'))).toEqual({ kind: 'refused', refusal });
  });

  it.each([new TypeError('undefined is not a function'), 'text', undefined])('is unsure of %s', (error) => {
    expect(failureOf(error)).toEqual({ kind: 'unsure', retryAfterMs: 0 });
  });
});
