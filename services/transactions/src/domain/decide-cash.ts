import { ok, type Result } from '@florin/primitives';
import { type Account, isOwner } from './account.ts';
import type { CashCommand } from './command.ts';
import type { LedgerFailure } from './failures.ts';
import { assertBalanced, type Journal } from './journal.ts';
import type { Context, Decision, LedgerView } from './ledger-view.ts';
import { checkCredit, checkDebit, findAccount, ownAccount } from './rules.ts';
import { systemAccountId } from './system-account.ts';

/**
 * Books cash over the counter against the bank's cash account. The daily limit does not apply: a teller has
 * identified the customer, who is somebody else. Fails with `account-not-found`, `own-account`, `account-not-active`,
 * `currency-mismatch`, `insufficient-funds` (withdrawal) or `balance-limit-exceeded` (deposit).
 */
export function decideCash(view: LedgerView, command: CashCommand, context: Context): Result<Decision, LedgerFailure> {
  const found = findAccount(view, command.accountId);
  if (!found.ok) return found;
  if (isOwner(found.value, command.actor)) return ownAccount();
  const check = command.kind === 'deposit' ? checkCredit : checkDebit;
  const checked = check(found.value, command.amountMinor, command.currency);
  if (!checked.ok) return checked;
  return ok(book(found.value, command, context));
}

function book(account: Account, command: CashCommand, context: Context): Decision {
  const changeMinor = command.kind === 'deposit' ? command.amountMinor : -command.amountMinor;
  const after: Account = {
    ...account,
    postedMinor: account.postedMinor + changeMinor,
    version: account.version + 1,
  };
  const cashId = systemAccountId('cash', command.currency);
  const journal: Journal = {
    id: command.id,
    kind: command.kind,
    debitAccountId: command.kind === 'deposit' ? cashId : account.id,
    creditAccountId: command.kind === 'deposit' ? account.id : cashId,
    amountMinor: command.amountMinor,
    currency: command.currency,
    reference: command.reference,
    actor: command.actor,
    bookedAtMs: context.nowMs,
    valueDate: context.businessDate,
    businessDate: context.businessDate,
    parentId: null,
    reversalOf: null,
    reason: null,
    otherParty: null,
    postings: [
      {
        accountId: account.id,
        amountMinor: changeMinor,
        balanceAfterMinor: after.postedMinor,
        version: after.version,
      },
      { accountId: cashId, amountMinor: -changeMinor, balanceAfterMinor: null, version: null },
    ],
  };
  assertBalanced(journal);
  return { journals: [journal], accounts: [after], hold: null };
}
