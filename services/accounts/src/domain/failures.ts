/** Every way this service may refuse. `detail` is for people and never names somebody else's data. */
export interface AccountFailure {
  readonly code: AccountFailureCode;
  readonly detail: string;
  /** When it may be worth asking again; absent when waiting does not help. */
  readonly retryAfterSeconds?: number;
}

export type AccountFailureCode =
  | 'account-closed'
  | 'approval-pending'
  | 'own-account'
  | 'account-not-active'
  | 'account-not-closed'
  | 'account-overdrawn'
  | 'accounts-open'
  | 'balance-limit-exceeded'
  | 'daily-limit-exceeded'
  | 'invalid-payee'
  | 'same-account'
  | 'account-frozen'
  | 'account-not-empty'
  | 'account-not-found'
  | 'account-opening'
  | 'change-in-progress'
  | 'currency-mismatch'
  | 'idempotency-key-reused'
  | 'invalid-amount'
  | 'invalid-cursor'
  | 'invalid-date'
  | 'owner-erased'
  | 'owner-only'
  | 'rest-to-others'
  | 'second-person-required'
  | 'staff-only'
  | 'statement-not-found'
  | 'statement-not-ready'
  | 'statement-too-long'
  | 'too-many-accounts'
  | 'too-many-streams'
  | 'transaction-not-found'
  | 'unknown-product';

/** The same answer for an account that does not exist and for one that is somebody else's. */
export const NOT_FOUND: AccountFailure = { code: 'account-not-found', detail: 'There is no such account.' };
