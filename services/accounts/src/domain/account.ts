/** What the ledger can enforce. */
export type EnforcedStatus = 'active' | 'frozen' | 'closing' | 'closed';
/** `opening` until the ledger has the account. */
export type AccountStatus = 'opening' | EnforcedStatus;

/** An account as this service knows it: who owns it, and what the ledger is known to enforce for it. */
export interface Account {
  readonly id: string;
  readonly iban: string;
  readonly name: string;
  readonly productCode: string;
  readonly currency: string;
  /** What the other side of a transfer is shown. */
  readonly holderName: string;
  readonly status: AccountStatus;
  readonly owners: readonly string[];
  readonly overdraftMinor: bigint;
  readonly dailyLimitMinor: bigint;
  readonly transferFeeMinor: bigint;
  /** The newest instruction that was given to the ledger, whatever became of it. */
  readonly controlVersion: number;
  /** By the business clock; while it is `opening`, when that was asked for, by the system's. */
  readonly openedAtMs: number;
}

/** A kind of account; new accounts copy its terms. */
export interface Product {
  readonly code: string;
  readonly name: string;
  readonly currency: string;
  readonly overdraftMinor: bigint;
  readonly dailyLimitMinor: bigint;
  readonly transferFeeMinor: bigint;
}

/** How many accounts one customer may have, so that their list is one page. */
export const ACCOUNTS_PER_CUSTOMER_MAX = 50;
