import { type Problem, problemReply, type Reply } from '@florin/http';
import type { LedgerFailure, LedgerFailureCode } from '../domain/failures.ts';
import type { StandingOrderFailureCode } from '../domain/standing-order.ts';
import type { Answer } from '../use-cases/submission.ts';

type RefusalCode =
  | LedgerFailureCode
  | 'account-busy'
  | 'clock-moves-forward-only'
  | 'idempotency-key-in-flight'
  | 'idempotency-key-reused'
  | 'invalid-amount'
  | 'invalid-cursor'
  | 'payee-exists'
  | 'payee-not-found'
  | 'too-many-payee-checks'
  | 'too-many-payees'
  | 'unknown-currency'
  | StandingOrderFailureCode;

/** 400 shape or amount, 404 not yours or unknown, 409 state or busy, 422 a rule said no. */
const PROBLEMS: Readonly<Record<RefusalCode, readonly [status: number, title: string]>> = {
  'account-busy': [409, 'The account is busy'],
  'account-not-active': [409, 'The account does not take this now'],
  'account-not-empty': [422, 'The account is not empty'],
  'account-not-found': [404, 'No such account'],
  'already-reversed': [409, 'Already reversed'],
  'balance-limit-exceeded': [422, 'Balance too large'],
  'batch-not-applied': [422, 'The batch was not applied'],
  'capture-exceeds-hold': [422, 'More than was held'],
  'clock-moves-forward-only': [409, 'The clock moves forward only'],
  'currency-mismatch': [422, 'Wrong currency'],
  'daily-limit-exceeded': [422, 'Daily limit exceeded'],
  'hold-not-found': [404, 'No such hold'],
  'hold-not-open': [409, 'The hold has ended'],
  'idempotency-key-in-flight': [409, 'The first request is still running'],
  'idempotency-key-reused': [422, 'The key was used for something else'],
  'insufficient-funds': [422, 'Not enough money'],
  'invalid-amount': [400, 'Invalid amount'],
  'invalid-cursor': [400, 'Invalid cursor'],
  'invalid-date': [400, 'Invalid date'],
  'invalid-payee': [400, 'Invalid payee'],
  'journal-not-found': [404, 'No such journal'],
  'not-reversible': [422, 'Can not be reversed'],
  'reconciliation-not-found': [404, 'Not proven yet'],
  'not-the-next-date': [409, 'Not the next date'],
  'payee-exists': [409, 'You keep this payee already'],
  'payee-not-found': [404, 'No such payee'],
  'same-account': [422, 'Same account twice'],
  'second-person-required': [422, 'A second person is needed'],
  'standing-order-not-found': [404, 'No such standing order'],
  'standing-order-over': [409, 'The standing order is over'],
  'too-many-payee-checks': [429, 'Too many names checked'],
  'too-many-payees': [422, 'Too many payees'],
  'too-many-standing-orders': [422, 'Too many standing orders'],
  'transfer-not-found': [404, 'No such transfer'],
  'unknown-currency': [400, 'Unknown currency'],
};

/** A refusal of the ledger as a problem. */
export function problemOf(failure: { code: RefusalCode; detail: string }, traceId: string): Problem {
  const [status, title] = PROBLEMS[failure.code];
  return { status, code: failure.code, title, detail: failure.detail, traceId };
}

/** A refusal as an immediate reply: nothing of it is remembered. */
export function refusal(failure: { code: RefusalCode; detail: string }, traceId: string): Reply {
  return problemReply(problemOf(failure, traceId));
}

/** A refusal that a batch decided. A 404 is not final: the account may be opened before the retry. */
export function refusalAnswer(failure: LedgerFailure, traceId: string): Answer {
  const reply = refusal(failure, traceId);
  return { status: reply.status, body: reply.text ?? '', isFinal: reply.status !== 404 };
}
