import type { Account } from './account.ts';
import type { Wanted } from './control.ts';

/** An instruction as the ledger takes it: whole, so that applying it needs nothing else. */
export interface LedgerInstruction {
  readonly account: Account;
  readonly controlVersion: number;
  readonly wanted: Wanted;
}

/** What the ledger may answer instead of obeying. */
export interface LedgerRefusal {
  /** `account-closed`: an earlier instruction closed it, and closed accounts stay so. */
  readonly code: 'account-not-empty' | 'account-closed';
}
