import { fail, ok, type Result } from '@florin/primitives';
import { type Account, spentOnMinor } from './account.ts';
import type { BeginClosingCommand, CloseCommand, ReopenCommand, SweepCommand } from './command.ts';
import type { LedgerFailure } from './failures.ts';
import { assertBalanced } from './journal.ts';
import type { Context, Decision, LedgerView } from './ledger-view.ts';
import { checkCredit, checkDailyLimit, findAccount, notActive } from './rules.ts';
import { transferJournal } from './transfer-journals.ts';

// An account that still holds money is closed in steps: it takes nothing new (begin-closing), what it holds goes elsewhere
// (sweep), and then it is closed (close). Until the sweep it can be taken back (reopen). What arrives in between is refused,
// or is in suspense when it comes from another shard, so that after the sweep nothing is left behind.

type Decided = Result<Decision, LedgerFailure>;

/** What is read on the statements of both sides. */
const REFERENCE = 'Closing balance';

const UNCHANGED: Decision = { journals: [], accounts: [], hold: null };

/**
 * From here on no debit, credit or hold. Fails with `account-not-found`; `account-not-active` when it is closed, being
 * closed, frozen (unless it may be), or when a newer instruction is in force; `account-not-empty` when money is set aside;
 * `account-overdrawn`.
 */
export function decideBeginClosing(view: LedgerView, command: BeginClosingCommand): Decided {
  const found = findAccount(view, command.accountId);
  if (!found.ok) return found;
  const account = found.value;
  if (command.controlVersion <= account.controlVersion) {
    return fail({ code: 'account-not-active', detail: 'The account was changed since.' });
  }
  const isOpen = account.status === 'active' || (account.status === 'frozen' && command.mayBeFrozen);
  if (!isOpen) return fail({ code: 'account-not-active', detail: `The account is ${account.status}.` });
  if (account.heldMinor !== 0n) {
    return fail({ code: 'account-not-empty', detail: 'Money of the account is still set aside.' });
  }
  if (account.postedMinor < 0n) return fail({ code: 'account-overdrawn', detail: 'The account is overdrawn.' });
  return ok(instructed(account, command.controlVersion, 'closing'));
}

/** Never fails but with `account-not-found`: what is not being closed, or was changed since, stays as it is. */
export function decideReopen(view: LedgerView, command: ReopenCommand): Decided {
  const found = findAccount(view, command.accountId);
  if (!found.ok) return found;
  const account = found.value;
  if (account.status !== 'closing' || command.controlVersion <= account.controlVersion) return ok(UNCHANGED);
  return ok(instructed(account, command.controlVersion, command.status));
}

/**
 * Moves the whole balance: by one journal when both accounts are in these books, otherwise it is set aside for a transfer
 * between two shards. Without a fee, and nothing happens when there is nothing. The daily limit holds for what goes to
 * other owners. Fails with `account-not-active` (also when the payer is not being closed), `account-not-empty`,
 * `same-account`, `account-not-found`, `currency-mismatch`, `balance-limit-exceeded`, `daily-limit-exceeded` or
 * `hold-not-open`.
 */
export function decideSweep(view: LedgerView, command: SweepCommand, context: Context): Decided {
  const found = findAccount(view, command.debitAccountId);
  if (!found.ok) return found;
  const payer = found.value;
  if (payer.status !== 'closing') return notActive(payer, 'send money');
  if (payer.heldMinor !== 0n || payer.postedMinor < 0n) {
    return fail({ code: 'account-not-empty', detail: 'Money of the account is still set aside.' });
  }
  if (payer.postedMinor === 0n) return ok(UNCHANGED);
  // The id is another service's choice; nothing of another transfer may be written over.
  if (view.hold(command.id) !== undefined) {
    return fail({ code: 'hold-not-open', detail: 'There is a transfer with this id.' });
  }
  if (command.debitAccountId === command.creditAccountId) {
    return fail({ code: 'same-account', detail: 'The two accounts must be different.' });
  }
  const payee = command.payeeElsewhere ?? view.account(command.creditAccountId);
  if (payee === undefined) return fail({ code: 'account-not-found', detail: 'There is no such account.' });
  const credit = checkCredit(payee, payer.postedMinor, payer.currency);
  if (!credit.ok) return credit;
  const isOwnMoney = payee.owners.every((owner) => payer.owners.includes(owner));
  const limit = isOwnMoney ? ok(payer) : checkDailyLimit(payer, payer.postedMinor, context);
  if (!limit.ok) return limit;
  const spent = {
    day: context.businessDate,
    spentTodayMinor: spentOnMinor(payer, context.businessDate) + payer.postedMinor,
    version: payer.version + 1,
  };
  return ok(
    command.payeeElsewhere === null
      ? moved(command, context, { ...payer, ...spent, postedMinor: 0n }, payee, payer.postedMinor)
      : setAside(command, context, { ...payer, ...spent, heldMinor: payer.postedMinor }),
  );
}

/** Fails with `account-not-found`, `account-not-active` when it is not being closed, `account-not-empty`. */
export function decideClose(view: LedgerView, command: CloseCommand): Decided {
  const found = findAccount(view, command.accountId);
  if (!found.ok) return found;
  const account = found.value;
  if (account.status !== 'closing' || command.controlVersion <= account.controlVersion) {
    return fail({ code: 'account-not-active', detail: `The account is ${account.status}.` });
  }
  if (account.postedMinor !== 0n || account.heldMinor !== 0n) {
    return fail({ code: 'account-not-empty', detail: 'The account still holds money or open holds.' });
  }
  return ok(instructed(account, command.controlVersion, 'closed'));
}

function instructed(account: Account, controlVersion: number, status: Account['status']): Decision {
  return { ...UNCHANGED, accounts: [{ ...account, status, controlVersion, version: account.version + 1 }] };
}

function moved(command: SweepCommand, context: Context, payer: Account, payee: Account, amountMinor: bigint): Decision {
  const payeeAfter = { ...payee, postedMinor: payee.postedMinor + amountMinor, version: payee.version + 1 };
  const facts = { ...command, amountMinor, currency: payer.currency, reference: REFERENCE };
  const journal = transferJournal(facts, context, null, [
    { accountId: payer.id, amountMinor: -amountMinor, balanceAfterMinor: payer.postedMinor, version: payer.version },
    { accountId: payee.id, amountMinor, balanceAfterMinor: payeeAfter.postedMinor, version: payeeAfter.version },
  ]);
  assertBalanced(journal);
  return { journals: [journal], accounts: [payer, payeeAfter], hold: null };
}

/** As `decideSend` does for a transfer that a customer makes. */
function setAside(command: SweepCommand, context: Context, payer: Account): Decision {
  return {
    journals: [],
    accounts: [payer],
    hold: {
      id: command.id,
      accountId: payer.id,
      amountMinor: payer.heldMinor,
      capturedMinor: 0n,
      currency: payer.currency,
      status: 'open',
      reference: REFERENCE,
      day: context.businessDate,
      expiresAtMs: null,
      sagaId: command.id,
    },
  };
}
