import type { Balance } from './balance.ts';
import type { HistoryLine } from './history.ts';

/** How many lines one piece of news carries; a listener that missed more reads the history. */
export const NEWS_LINES_MAX = 50;

/** An account as it is, and what is new since a version. */
export interface AccountNews {
  readonly accountId: string;
  readonly currency: string;
  /** As the ledger has it at this version. */
  readonly status: string;
  readonly balance: Balance;
  /** Newest first, at most `NEWS_LINES_MAX`. */
  readonly lines: readonly HistoryLine[];
  /** There are older new lines than these. */
  readonly hasMore: boolean;
}

/** What a customer wants to know about an account: everything after a version. */
export interface WantedNews {
  readonly customerId: string;
  readonly accountId: string;
  readonly afterVersion: number;
}
