import { problemReply, type Reply } from '@florin/http';
import type { AccountFailure, AccountFailureCode } from '../domain/failures.ts';

/** 400 shape or amount, 403 not your role, 404 not yours or unknown, 409 state, 422 a rule said no, 429 too many. */
const PROBLEMS: Readonly<Record<AccountFailureCode, readonly [status: number, title: string]>> = {
  'account-closed': [409, 'The account is closed'],
  'account-frozen': [409, 'The account is frozen'],
  'account-not-empty': [422, 'The account is not empty'],
  'account-not-found': [404, 'No such account'],
  'account-opening': [409, 'The account is being opened'],
  'change-in-progress': [409, 'The account is being changed'],
  'currency-mismatch': [422, 'Wrong currency'],
  'idempotency-key-reused': [422, 'The key was used for something else'],
  'invalid-amount': [400, 'Invalid amount'],
  'invalid-cursor': [400, 'Invalid cursor'],
  'invalid-date': [400, 'Invalid date'],
  'owner-only': [403, 'Only for owners'],
  'staff-only': [403, 'Only for staff'],
  'statement-not-found': [404, 'No such statement'],
  'statement-not-ready': [409, 'The statement is not ready'],
  'statement-too-long': [422, 'The statement is too long'],
  'too-many-accounts': [422, 'Too many accounts'],
  'too-many-streams': [429, 'Too many streams'],
  'transaction-not-found': [404, 'No such transaction'],
  'unknown-product': [422, 'No such product'],
};

const RETRY_SOON: ReadonlySet<AccountFailureCode> = new Set([
  'account-opening',
  'change-in-progress',
  'too-many-streams',
]);

/** A refusal as a problem. */
export function refusal(failure: AccountFailure, traceId: string): Reply {
  const [status, title] = PROBLEMS[failure.code];
  const retryAfterSeconds = failure.retryAfterSeconds ?? (RETRY_SOON.has(failure.code) ? 1 : undefined);
  return problemReply({
    status,
    code: failure.code,
    title,
    detail: failure.detail,
    traceId,
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': `${retryAfterSeconds}` } }),
  });
}
