import { ApiProblem } from '@florin/sdk';
import type { Failure } from './intent.ts';

/** What a proxy says when a request did not arrive in time or came too early: nothing about what the bank did. */
const UNSURE_STATUSES: ReadonlySet<number> = new Set([408, 425]);

/**
 * What a failed request under a key means. Anything that is not the bank's own plain refusal leaves open what happened:
 * no answer, a broken one, a failure of a server on the way, a page of a proxy.
 */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof ApiProblem)) return { kind: 'unsure', retryAfterMs: 0 };
  const { status, code, message, traceId, challenge } = error;
  const retryAfterMs = Math.max(0, error.retryAfterSeconds ?? 0) * 1_000;
  if (status === 401 || code === 'csrf-refused') return { kind: 'signed-out' };
  if (error.isUnsure || UNSURE_STATUSES.has(status)) return { kind: 'unsure', retryAfterMs };
  if (status === 429) return { kind: 'too-many', retryAfterMs };
  if (code === 'unexpected-answer') return { kind: 'unsure', retryAfterMs };
  if (challenge !== undefined) return { kind: 'challenged', challenge };
  if (code === 'account-busy') return { kind: 'busy', retryAfterMs };
  if (code === 'idempotency-key-in-flight') return { kind: 'in-flight', retryAfterMs };
  return { kind: 'refused', refusal: { status, code, detail: message, ...(traceId === undefined ? {} : { traceId }) } };
}
