import { accountProblems } from './account-problems.ts';
import { approvalProblems } from './approval-problems.ts';
import { ledgerProblems } from './ledger-problems.ts';
import { paymentProblems } from './payment-problems.ts';
import { personProblems } from './person-problems.ts';
import { type ProblemKind, problemKinds } from './problem-kind.ts';
import { sagaProblems } from './saga-problems.ts';

/** What several services may refuse. */
const sharedProblems = problemKinds({
  'account-not-found': {
    status: 404,
    title: 'No such account',
    meaning: 'There is no such account, or it is not yours: the two are not told apart.',
  },
  'account-not-empty': {
    status: 422,
    title: 'The account is not empty',
    meaning: 'An account is closed when it holds no money and no open holds.',
  },
  'account-overdrawn': {
    status: 422,
    title: 'The account is overdrawn',
    meaning: 'What is owed on an account is paid before it is closed.',
  },
  'currency-mismatch': {
    status: 422,
    title: 'Wrong currency',
    meaning: 'An account is kept in one currency, and the amount is in another.',
  },
  'idempotency-key-in-flight': {
    status: 409,
    title: 'The first request is still running',
    meaning: 'Repeat it shortly with the same key, and the answer will be there.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key was used for something else',
    meaning: 'A new piece of work takes a new key; only a retry of the same request repeats one.',
  },
  'invalid-amount': {
    status: 400,
    title: 'Invalid amount',
    meaning: 'Not a positive decimal with at most the digits of its currency, or too large.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'Invalid cursor',
    meaning: 'The cursor is not one that this list gave out.',
  },
  'notice-not-found': {
    status: 404,
    title: 'No such notice',
    meaning: 'There is no such notice, or it is not yours: the two are not told apart.',
  },
  'invalid-date': {
    status: 400,
    title: 'Invalid date',
    meaning: 'Not a day of the calendar as `YYYY-MM-DD`, or not one this operation takes; `detail` says why.',
  },
});

/**
 * Every problem that an operation may answer of its own, by its stable code. A contract names the codes, the service that
 * answers takes status and title from here, and the reference is printed from it. Problems that any operation may answer
 * are in `@florin/http`.
 */
export const PROBLEMS = {
  ...sharedProblems,
  ...accountProblems,
  ...approvalProblems,
  ...ledgerProblems,
  ...paymentProblems,
  ...personProblems,
  ...sagaProblems,
};

export type ProblemCode = keyof typeof PROBLEMS;

/** How a problem of this code is answered. */
export function problemKind(code: ProblemCode): ProblemKind {
  return PROBLEMS[code];
}
