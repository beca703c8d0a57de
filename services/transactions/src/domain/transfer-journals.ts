import type { CrossingFacts } from './command.ts';
import type { Journal, OtherParty, Posting } from './journal.ts';
import type { Context } from './ledger-view.ts';
import { systemAccountId } from './system-account.ts';

/** The journal of a transfer, or of one half of it when there is another party in another shard. */
export function transferJournal(
  facts: CrossingFacts,
  context: Context,
  otherParty: OtherParty | null,
  postings: readonly Posting[],
): Journal {
  return {
    id: facts.id,
    kind: 'transfer',
    debitAccountId: facts.debitAccountId,
    creditAccountId: facts.creditAccountId,
    amountMinor: facts.amountMinor,
    currency: facts.currency,
    reference: facts.reference,
    actor: facts.actor,
    bookedAtMs: context.nowMs,
    valueDate: context.businessDate,
    businessDate: context.businessDate,
    parentId: null,
    reversalOf: null,
    reason: null,
    otherParty,
    postings,
  };
}

/** The payer as the transfer and its fee leave them; both are one change of the account, so they share its version. */
interface ChargedPayer {
  readonly id: string;
  readonly postedMinor: bigint;
  readonly version: number;
}

/** What the payer is charged for a transfer, as a journal of its own under the transfer. */
export function feeJournal(transfer: Journal, id: string, feeMinor: bigint, payerAfter: ChargedPayer): Journal {
  const incomeId = systemAccountId('fee-income', transfer.currency);
  return {
    ...transfer,
    id,
    kind: 'fee',
    creditAccountId: incomeId,
    amountMinor: feeMinor,
    reference: 'Transfer fee',
    parentId: transfer.id,
    otherParty: null,
    postings: [
      {
        accountId: payerAfter.id,
        amountMinor: -feeMinor,
        balanceAfterMinor: payerAfter.postedMinor,
        version: payerAfter.version,
      },
      { accountId: incomeId, amountMinor: feeMinor, balanceAfterMinor: null, version: null },
    ],
  };
}
