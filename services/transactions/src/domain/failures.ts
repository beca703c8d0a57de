import type { Challenge } from './challenge.ts';

/** Every way the ledger may refuse. `detail` is for people and never names somebody else's data. */
export interface LedgerFailure {
  readonly code: LedgerFailureCode;
  readonly detail: string;
  /** What to confirm; with `confirmation-required`. */
  readonly challenge?: Challenge;
}

export type LedgerFailureCode =
  | 'account-not-found'
  | 'account-not-active'
  | 'account-not-empty'
  | 'account-overdrawn'
  | 'already-reversed'
  | 'balance-limit-exceeded'
  | 'batch-crosses-shards'
  | 'batch-not-applied'
  | 'capture-exceeds-hold'
  | 'confirmation-refused'
  | 'confirmation-required'
  | 'currency-mismatch'
  | 'daily-limit-exceeded'
  | 'hold-not-found'
  | 'hold-not-open'
  | 'insufficient-funds'
  | 'invalid-cursor'
  | 'invalid-date'
  | 'journal-not-found'
  | 'not-reversible'
  | 'own-account'
  | 'reconciliation-not-found'
  | 'same-account'
  | 'second-factor-needed'
  | 'second-person-required'
  | 'transfer-not-found';
