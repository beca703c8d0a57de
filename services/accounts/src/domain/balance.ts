/** A balance as the ledger had it at a version. */
export interface Balance {
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
  readonly overdraftMinor: bigint;
  /** Rises by one with every change of the account in the ledger; 0 before the first. */
  readonly version: number;
}

/** A balance straight from the ledger. */
export interface LedgerBalance extends Balance {
  /** When the ledger began to look, by the business clock: nothing booked by then, a running batch apart, is missing. */
  readonly asOfMs: number;
}

/** What a balance answer needs, in one immutable piece, so that it can be kept in memory. */
export interface BalanceView extends Balance {
  readonly accountId: string;
  readonly currency: string;
  readonly owners: readonly string[];
}

/** available = posted - held + overdraft: what may still leave the account. */
export function availableMinor(balance: Balance): bigint {
  return balance.postedMinor - balance.heldMinor + balance.overdraftMinor;
}

/** The least version a reader must see of each account: what its own last write had reached. */
export type MinimumVersions = Pick<ReadonlyMap<string, number>, 'get'>;

export const NO_MINIMUM: MinimumVersions = new Map();

/** It is not known what the reader has seen, so only the ledger itself is new enough. */
export const NEWEST_ONLY: MinimumVersions = { get: () => Number.POSITIVE_INFINITY };
