import { problemKinds } from './problem-kind.ts';

/** What the accounts service may refuse, beyond the problems that others share. */
export const accountProblems = problemKinds({
  'account-closed': {
    status: 409,
    title: 'The account is closed',
    meaning: 'It is closed, or on its way there, and stays so.',
  },
  'account-frozen': {
    status: 409,
    title: 'The account is frozen',
    meaning: 'Only staff close a frozen account.',
  },
  'account-opening': {
    status: 409,
    title: 'The account is being opened',
    meaning: 'The ledger does not know it yet. Try again after `Retry-After`.',
  },
  'account-not-closed': {
    status: 409,
    title: 'The account was not closed',
    meaning: 'The ledger did not answer in time, or the closing was called off. All is as before; ask with a new key.',
  },
  'accounts-open': {
    status: 409,
    title: 'Accounts are open',
    meaning: 'They have accounts that are not closed, or not yet. Close them first.',
  },
  'change-in-progress': {
    status: 409,
    title: 'The account is being changed',
    meaning: 'Another change of the same account is under way. Try again after `Retry-After`.',
  },
  'owner-erased': {
    status: 409,
    title: 'No customer any more',
    meaning: 'They were erased, and no account is opened for them.',
  },
  'owner-only': {
    status: 403,
    title: 'Only for owners',
    meaning: 'Only those who own an account give it a name.',
  },
  'rest-to-others': {
    status: 403,
    title: 'Not into somebody else’s account',
    meaning:
      'Who confirms payments closes an account into one that is theirs alone. What others are to get is sent, and confirmed, before.',
  },
  'staff-only': {
    status: 403,
    title: 'Only for staff',
    meaning: 'Only staff do this, and not on an account of their own.',
  },
  'statement-not-found': {
    status: 404,
    title: 'No such statement',
    meaning: 'The month lies before the opening of the account, after its closing, or in the future.',
  },
  'statement-not-ready': {
    status: 409,
    title: 'The statement is not ready',
    meaning: 'The month is not over, or ended a moment ago; then `Retry-After` says when to come back.',
  },
  'statement-too-long': {
    status: 422,
    title: 'The statement is too long',
    meaning: 'It has more lines than a PDF may have. The other formats have no such limit.',
  },
  'too-many-accounts': {
    status: 422,
    title: 'Too many accounts',
    meaning: 'A customer has as many open accounts as one may have.',
  },
  'too-many-streams': {
    status: 429,
    title: 'Too many streams',
    meaning: 'You have as many live streams open as one may. Close one, or try again after `Retry-After`.',
  },
  'transaction-not-found': {
    status: 404,
    title: 'No such transaction',
    meaning: 'The account has no line of this id.',
  },
  'unknown-product': {
    status: 422,
    title: 'No such product',
    meaning: 'There is no product of this code; `GET /v1/products` lists them.',
  },
});
