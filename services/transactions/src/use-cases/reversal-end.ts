import { invariant } from '@florin/primitives';
import type { Saga } from '@florin/saga';
import type { LedgerFailure, LedgerFailureCode } from '../domain/failures.ts';
import { type CrossingReversal, GIVE_BACK, reversalFromInput } from '../sagas/crossing-reversal.ts';

/** How taking a transfer between two shards back came out. */
export type EndOfReversal = { readonly reversal: CrossingReversal } & (
  | { readonly kind: 'completed'; readonly creditedTo: string; readonly bookedAt: string; readonly valueDate: string }
  | { readonly kind: 'refused'; readonly failure: LedgerFailure }
);

/** What the payee's side may refuse; nothing else turns such a saga back, since its second step is the pivot. */
const REFUSALS: ReadonlySet<string> = new Set<LedgerFailureCode>([
  'account-not-active',
  'already-reversed',
  'insufficient-funds',
  'not-reversible',
  'second-person-required',
]);

/** Reads the end from a saga that is final. */
export function endOfReversal({ status, input, outputs, failure }: Saga): EndOfReversal {
  const reversal = reversalFromInput(input);
  if (status === 'compensated') {
    invariant(failure !== null && REFUSALS.has(failure.code), 'a reversal turns back because it was refused');
    const { code, detail } = failure;
    return { reversal, kind: 'refused', failure: { code: code as LedgerFailureCode, detail } };
  }
  const { creditedTo, bookedAt, valueDate } = outputs[GIVE_BACK] ?? {};
  invariant(
    typeof creditedTo === 'string' && typeof bookedAt === 'string' && typeof valueDate === 'string',
    'a completed reversal was booked',
  );
  return { reversal, kind: 'completed', creditedTo, bookedAt, valueDate };
}
