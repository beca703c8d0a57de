import { problemKinds } from './problem-kind.ts';

/** What the ledger may refuse when money is to move, beyond the problems that others share. */
export const ledgerProblems = problemKinds({
  'iban-taken': {
    status: 409,
    title: 'The IBAN is taken',
    meaning: 'An IBAN names one account, and this one names another.',
  },
  'account-busy': {
    status: 409,
    title: 'The account is busy',
    meaning: 'Others kept the account locked for too long; nothing was done. Repeat it after `Retry-After`.',
  },
  'account-not-active': {
    status: 409,
    title: 'The account does not take this now',
    meaning: 'One of the accounts is frozen, closing or closed.',
  },
  'already-reversed': {
    status: 409,
    title: 'Already reversed',
    meaning: 'A transfer is taken back once. Between two shards of the ledger it may also be on its way back.',
  },
  'balance-limit-exceeded': {
    status: 422,
    title: 'Balance too large',
    meaning: 'The balance would be larger than the ledger allows.',
  },
  'batch-crosses-shards': {
    status: 422,
    title: 'The batch is not in one shard',
    meaning: 'Of an atomic batch: all of its accounts must be in one shard of the ledger. Nothing was done.',
  },
  'batch-not-applied': {
    status: 422,
    title: 'The batch was not applied',
    meaning: 'Of an item of an atomic batch: another item was refused, so nothing was done. That one has its own code.',
  },
  'capture-crosses-shards': {
    status: 422,
    title: 'The account is in another shard',
    meaning: 'A hold is captured within one shard of the ledger. Nothing was done.',
  },
  'capture-exceeds-hold': {
    status: 422,
    title: 'More than was held',
    meaning: 'A hold is captured in whole or in part.',
  },
  'clock-moves-forward-only': {
    status: 409,
    title: 'The clock moves forward only',
    meaning: 'The business clock can not be set back.',
  },
  'daily-limit-exceeded': {
    status: 422,
    title: 'Daily limit exceeded',
    meaning: 'More than may leave the account on one business day.',
  },
  'hold-not-found': {
    status: 404,
    title: 'No such hold',
    meaning: 'There is no hold of this id.',
  },
  'hold-not-open': {
    status: 409,
    title: 'The hold has ended',
    meaning: 'It was captured, voided or expired. A hold ends once.',
  },
  'insufficient-funds': {
    status: 422,
    title: 'Not enough money',
    meaning: 'More than is available: posted, less what is held, plus the overdraft.',
  },
  'journal-not-found': {
    status: 404,
    title: 'No such journal',
    meaning: 'The ledger has no journal of this id.',
  },
  'not-reversible': {
    status: 422,
    title: 'Can not be reversed',
    meaning: 'Journals of this kind are not reversed.',
  },
  'reconciliation-not-found': {
    status: 404,
    title: 'Not proven yet',
    meaning: 'The books were not reconciled since this bank was made.',
  },
  'same-account': {
    status: 422,
    title: 'Same account twice',
    meaning: 'Money does not move from an account to itself.',
  },
  'own-account': {
    status: 403,
    title: 'Your own account',
    meaning:
      'Staff who bank here are served by others: they book no cash and take nothing back on accounts of their own.',
  },
  'second-person-required': {
    status: 422,
    title: 'A second person is needed',
    meaning: 'A supervisor forces a reversal only after another person was refused it for lack of funds.',
  },
  'transfer-not-found': {
    status: 404,
    title: 'No such transfer',
    meaning: 'There is no transfer of this id, or it is not yours to see.',
  },
  'unknown-currency': {
    status: 400,
    title: 'Unknown currency',
    meaning: 'The code is not one of ISO 4217.',
  },
});
