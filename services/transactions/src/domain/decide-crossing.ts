import { invariant, ok, type Result } from '@florin/primitives';
import type { Account } from './account.ts';
import { approveTransfer } from './approve-transfer.ts';
import type { PostDebitCommand, ReceiveCommand, SendCommand } from './command.ts';
import { decideHold, findOpenHold, release } from './decide-hold.ts';
import type { LedgerFailure } from './failures.ts';
import type { Hold } from './hold.ts';
import { assertBalanced, type Posting } from './journal.ts';
import type { Context, Decision, LedgerView } from './ledger-view.ts';
import { checkCredit, findAccount } from './rules.ts';
import { systemAccountId } from './system-account.ts';
import { feeJournal, transferJournal } from './transfer-journals.ts';

// A transfer whose two accounts are in the books of two shards. The payer's shard sets the money aside (send), then posts
// it against its clearing account (post-debit: from here on there is no way back); the payee's shard posts it from its own
// clearing account (receive). Each book balances on its own, and the two clearing accounts cancel each other out.

type Decided = Result<Decision, LedgerFailure>;

/**
 * Sets the amount and the payer's fee aside, as a hold under the transfer's own id. Fails as the debit side of a transfer
 * does, and as `decideApproval` does. Until it is posted the fee counts against the day's limit too. Voiding it undoes it.
 */
export function decideSend(view: LedgerView, command: SendCommand, context: Context): Decided {
  const payer = findAccount(view, command.debitAccountId, command.actor);
  if (!payer.ok) return payer;
  const held = decideHold(
    view,
    {
      kind: 'hold',
      id: command.id,
      accountId: command.debitAccountId,
      amountMinor: command.amountMinor + payer.value.transferFeeMinor,
      currency: command.currency,
      reference: command.reference,
      expiresAtMs: null,
      sagaId: command.id,
    },
    context,
  );
  if (!held.ok) return held;
  const approval = approveTransfer(view, command, payer.value);
  return approval.ok ? ok({ ...held.value, ...approval.value }) : approval;
}

/**
 * The pivot: the money leaves the payer for clearing, and the fee, which is what was set aside beyond the amount, for the
 * bank's income. The payer's status is not asked again. Fails with `hold-not-found` or `hold-not-open`.
 */
export function decidePostDebit(view: LedgerView, command: PostDebitCommand, context: Context): Decided {
  const open = findOpenHold(view, { holdId: command.id, accountId: command.debitAccountId });
  if (!open.ok) return open;
  const { hold, account } = open.value;
  const feeMinor = hold.amountMinor - command.amountMinor;
  invariant(feeMinor >= 0n, `transfer ${command.id} is larger than what was set aside for it`);
  const version = account.version + 1;
  const afterTransferMinor = account.postedMinor - command.amountMinor;
  const transfer = transferJournal(command, context, command.otherParty, [
    { accountId: account.id, amountMinor: -command.amountMinor, balanceAfterMinor: afterTransferMinor, version },
    ofTheBank(systemAccountId('clearing', command.currency), command.amountMinor),
  ]);
  const after: Account = {
    ...release(account, hold, command.amountMinor),
    postedMinor: afterTransferMinor - feeMinor,
  };
  const journals =
    feeMinor === 0n ? [transfer] : [transfer, feeJournal(transfer, command.feeJournalId, feeMinor, after)];
  for (const journal of journals) assertBalanced(journal);
  const captured: Hold = { ...hold, status: 'captured', capturedMinor: hold.amountMinor };
  return ok({ journals, accounts: [after], hold: captured });
}

/**
 * The money arrives from clearing. It must not fail for a reason of business, because the payer's side is posted: what the
 * payee can not take any more (closed, closing, another currency, unknown) goes to suspense, for people to see to.
 */
export function decideReceive(view: LedgerView, command: ReceiveCommand, context: Context): Decided {
  const payee = payeeOf(view, command);
  const clearing = ofTheBank(systemAccountId('clearing', command.currency), -command.amountMinor);
  if (payee === null) {
    const suspenseId = systemAccountId('suspense', command.currency);
    const journal = transferJournal(command, context, command.otherParty, [
      clearing,
      ofTheBank(suspenseId, command.amountMinor),
    ]);
    assertBalanced(journal);
    return ok({ journals: [{ ...journal, creditAccountId: suspenseId }], accounts: [], hold: null });
  }
  const after: Account = {
    ...payee,
    postedMinor: payee.postedMinor + command.amountMinor,
    version: payee.version + 1,
  };
  const journal = transferJournal(command, context, command.otherParty, [
    clearing,
    {
      accountId: payee.id,
      amountMinor: command.amountMinor,
      balanceAfterMinor: after.postedMinor,
      version: after.version,
    },
  ]);
  assertBalanced(journal);
  return ok({ journals: [journal], accounts: [after], hold: null });
}

function payeeOf(view: LedgerView, command: ReceiveCommand): Account | null {
  const found = findAccount(view, command.creditAccountId);
  if (!found.ok) return null;
  const credit = checkCredit(found.value, command.amountMinor, command.currency);
  return credit.ok ? found.value : null;
}

function ofTheBank(accountId: string, amountMinor: bigint): Posting {
  return { accountId, amountMinor, balanceAfterMinor: null, version: null };
}
