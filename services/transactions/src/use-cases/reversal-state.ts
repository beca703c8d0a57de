import { invariant } from '@florin/primitives';
import type { Saga } from '@florin/saga';
import type { LedgerFailure, LedgerFailureCode } from '../domain/failures.ts';
import type { Context } from '../domain/ledger-view.ts';
import { type CrossingReversal, GIVE_BACK, reversalFromInput, TAKE_BACK } from '../sagas/crossing-reversal.ts';

/** Where taking a transfer between two shards back stands, or how it was booked. */
export interface ReversalProgress {
  readonly reversal: CrossingReversal;
  readonly status: 'pending' | 'completed';
  /** The payer, or suspense. */
  readonly creditedTo: string;
  /** RFC 3339; while it is pending, when it was accepted. */
  readonly bookedAt: string;
  readonly valueDate: string;
}

export type ReversalState =
  | ReversalProgress
  | { readonly reversal: CrossingReversal; readonly status: 'refused'; readonly failure: LedgerFailure };

export function pendingReversal(reversal: CrossingReversal, { nowMs, businessDate }: Context): ReversalProgress {
  const { accountId: creditedTo } = reversal.payer;
  const bookedAt = new Date(nowMs).toISOString();
  return { reversal, status: 'pending', creditedTo, bookedAt, valueDate: businessDate };
}

/** What the payee's side may refuse; nothing else turns such a saga back, since its second step is the pivot. */
const REFUSALS: ReadonlySet<string> = new Set<LedgerFailureCode>([
  'account-not-active',
  'already-reversed',
  'insufficient-funds',
  'not-reversible',
  'own-account',
  'second-person-required',
]);

/** Reads the end from a saga that is final. */
export function endOfReversal({ status, input, outputs, failure }: Saga): ReversalState {
  const reversal = reversalFromInput(input);
  if (status === 'compensated') {
    invariant(failure !== null && REFUSALS.has(failure.code), 'a reversal turns back because it was refused');
    const { code, detail } = failure;
    return { reversal, status: 'refused', failure: { code: code as LedgerFailureCode, detail } };
  }
  // People may have seen to the last step by hand; then what is known is what the one before it says.
  const { creditedTo, bookedAt, valueDate } = outputs[GIVE_BACK] ?? outputs[TAKE_BACK] ?? {};
  invariant(
    typeof creditedTo === 'string' && typeof bookedAt === 'string' && typeof valueDate === 'string',
    'a completed reversal was booked',
  );
  return { reversal, status: 'completed', creditedTo, bookedAt, valueDate };
}
