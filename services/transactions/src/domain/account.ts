import type { IsoDate } from '@florin/primitives';

/**
 * `active` takes everything. `frozen` takes credits, no debits and no holds. `closing` takes nothing new.
 * `closed` is empty and stays so. A hold that was accepted earlier may be captured or voided in all but `closed`.
 */
export type AccountStatus = 'active' | 'frozen' | 'closing' | 'closed';

/** A customer's account as the ledger has it: materialised, locked to be changed, and versioned. */
export interface Account {
  readonly id: string;
  readonly iban: string;
  /** What the other side of a transfer is shown. */
  readonly holderName: string;
  readonly currency: string;
  readonly status: AccountStatus;
  readonly owners: readonly string[];
  readonly postedMinor: bigint;
  /** The sum of the open holds, always. */
  readonly heldMinor: bigint;
  readonly overdraftMinor: bigint;
  /** Rises by one with every command that changes the account; the events of an account carry it without gaps. */
  readonly version: number;
  /** The newest instruction of the accounts service that is in force here. */
  readonly controlVersion: number;
  readonly dailyLimitMinor: bigint;
  /** The business date that `spentTodayMinor` counts; on any other date nothing is spent yet. */
  readonly day: IsoDate;
  readonly spentTodayMinor: bigint;
  /** Charged for every outgoing transfer; zero for most products. */
  readonly transferFeeMinor: bigint;
}

/** available = posted - held + overdraft: what may still leave the account. */
export function availableMinor(account: Account): bigint {
  return account.postedMinor - account.heldMinor + account.overdraftMinor;
}

/** What left the account, or was promised to leave, on this business date. */
export function spentOnMinor(account: Account, businessDate: IsoDate): bigint {
  return account.day === businessDate ? account.spentTodayMinor : 0n;
}

/** Whether this person may move the account's money. */
export function isOwner(account: Account, subject: string): boolean {
  return account.owners.includes(subject);
}
