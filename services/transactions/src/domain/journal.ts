import { type IsoDate, invariant } from '@florin/primitives';

/** What a journal records; one row per business fact. */
export type JournalKind = 'transfer' | 'deposit' | 'withdrawal' | 'fee' | 'capture' | 'reversal';

/** One line of a journal. Positive raises the account's balance, negative lowers it. */
export interface Posting {
  readonly accountId: string;
  readonly amountMinor: bigint;
  /** Null on system accounts, which are never read to be written. */
  readonly balanceAfterMinor: bigint | null;
  readonly version: number | null;
}

/** An account of another shard, as people are shown it. */
export interface OtherParty {
  readonly accountId: string;
  readonly iban: string;
  readonly name: string;
}

/** A balanced set of postings in one currency: money moves, it is never made. */
export interface Journal {
  readonly id: string;
  readonly kind: JournalKind;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  /** The subject who asked for it. */
  readonly actor: string;
  readonly bookedAtMs: number;
  readonly valueDate: IsoDate;
  readonly businessDate: IsoDate;
  /** The transfer a fee was charged for, or the hold that was captured. */
  readonly parentId: string | null;
  readonly reversalOf: string | null;
  readonly reason: string | null;
  /** Who the other side is when its account is in another shard's books; null when both are in these. */
  readonly otherParty: OtherParty | null;
  readonly postings: readonly Posting[];
}

/** Stops the work when a journal does not sum to zero: whatever made it is broken, and nothing may be written. */
export function assertBalanced(journal: Journal): void {
  let sumMinor = 0n;
  for (const posting of journal.postings) sumMinor += posting.amountMinor;
  invariant(sumMinor === 0n, `journal ${journal.id} does not balance`);
}
