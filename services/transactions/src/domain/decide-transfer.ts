import { fail, ok, type Result } from '@florin/primitives';
import { type Account, spentOnMinor } from './account.ts';
import { approveTransfer } from './approve-transfer.ts';
import type { TransferCommand } from './command.ts';
import type { LedgerFailure } from './failures.ts';
import { assertBalanced } from './journal.ts';
import type { Context, Decision, LedgerView } from './ledger-view.ts';
import { checkCredit, checkDailyLimit, checkDebit, findAccount } from './rules.ts';
import { feeJournal, transferJournal } from './transfer-journals.ts';

/**
 * Moves money between two customer accounts, with the payer's fee as a journal of its own. Fails with
 * `account-not-found`, `same-account`, `account-not-active`, `currency-mismatch`, `insufficient-funds`,
 * `daily-limit-exceeded` or `balance-limit-exceeded`; and as `decideApproval` does, when nothing else is wrong with it.
 */
export function decideTransfer(
  view: LedgerView,
  command: TransferCommand,
  context: Context,
): Result<Decision, LedgerFailure> {
  const payer = findAccount(view, command.debitAccountId, command.actor);
  if (!payer.ok) return payer;
  if (command.debitAccountId === command.creditAccountId) {
    return fail({ code: 'same-account', detail: 'The two accounts must be different.' });
  }
  const payee = findAccount(view, command.creditAccountId);
  if (!payee.ok) return payee;
  const totalMinor = command.amountMinor + payer.value.transferFeeMinor;
  const debit = checkDebit(payer.value, totalMinor, command.currency);
  if (!debit.ok) return debit;
  const credit = checkCredit(payee.value, command.amountMinor, command.currency);
  if (!credit.ok) return credit;
  const limit = checkDailyLimit(payer.value, command.amountMinor, context);
  if (!limit.ok) return limit;
  const approval = approveTransfer(view, command, payer.value);
  if (!approval.ok) return approval;
  return ok({ ...book(payer.value, payee.value, command, context), ...approval.value });
}

function book(payer: Account, payee: Account, command: TransferCommand, context: Context): Decision {
  const payerAfter: Account = {
    ...payer,
    postedMinor: payer.postedMinor - command.amountMinor - payer.transferFeeMinor,
    version: payer.version + 1,
    day: context.businessDate,
    spentTodayMinor: spentOnMinor(payer, context.businessDate) + command.amountMinor,
  };
  const payeeAfter: Account = {
    ...payee,
    postedMinor: payee.postedMinor + command.amountMinor,
    version: payee.version + 1,
  };
  const transfer = transferJournal(command, context, null, [
    {
      accountId: payer.id,
      amountMinor: -command.amountMinor,
      balanceAfterMinor: payer.postedMinor - command.amountMinor,
      version: payerAfter.version,
    },
    {
      accountId: payee.id,
      amountMinor: command.amountMinor,
      balanceAfterMinor: payeeAfter.postedMinor,
      version: payeeAfter.version,
    },
  ]);
  const feeMinor = payer.transferFeeMinor;
  const journals =
    feeMinor === 0n ? [transfer] : [transfer, feeJournal(transfer, command.feeJournalId, feeMinor, payerAfter)];
  for (const journal of journals) assertBalanced(journal);
  return { journals, accounts: [payerAfter, payeeAfter], hold: null };
}
