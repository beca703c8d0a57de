import { fail, ok, type Result } from '@florin/primitives';
import { type Account, spentOnMinor } from './account.ts';
import type { CaptureCommand, HoldCommand, ReleaseCommand } from './command.ts';
import type { LedgerFailure } from './failures.ts';
import type { Hold } from './hold.ts';
import { assertBalanced, type Journal, type Posting } from './journal.ts';
import type { Context, Decision, LedgerView } from './ledger-view.ts';
import { checkCredit, checkDailyLimit, checkDebit, findAccount } from './rules.ts';
import { isSystemAccountIn } from './system-account.ts';

type Decided = Result<Decision, LedgerFailure>;

/** Sets money aside. Fails like a debit, and counts against the daily limit like one. */
export function decideHold(view: LedgerView, command: HoldCommand, context: Context): Decided {
  const found = findAccount(view, command.accountId);
  if (!found.ok) return found;
  const debit = checkDebit(found.value, command.amountMinor, command.currency);
  if (!debit.ok) return debit;
  const limit = checkDailyLimit(found.value, command.amountMinor, context);
  if (!limit.ok) return limit;
  const account = found.value;
  return ok({
    journals: [],
    accounts: [
      {
        ...account,
        heldMinor: account.heldMinor + command.amountMinor,
        version: account.version + 1,
        day: context.businessDate,
        spentTodayMinor: spentOnMinor(account, context.businessDate) + command.amountMinor,
      },
    ],
    hold: {
      id: command.id,
      accountId: command.accountId,
      amountMinor: command.amountMinor,
      capturedMinor: 0n,
      currency: command.currency,
      status: 'open',
      reference: command.reference,
      day: context.businessDate,
      expiresAtMs: command.expiresAtMs,
      sagaId: command.sagaId,
    },
  });
}

/**
 * Turns an open hold into a posting, in whole or in part; the rest is released. The payer's status is not asked
 * again: the money was promised when it was active. Fails with `hold-not-found`, `hold-not-open`,
 * `currency-mismatch`, `capture-exceeds-hold`, `same-account`, or as the credit does.
 */
export function decideCapture(view: LedgerView, command: CaptureCommand, context: Context): Decided {
  const open = findOpenHold(view, command);
  if (!open.ok) return open;
  const { hold, account } = open.value;
  const amountMinor = command.amountMinor ?? hold.amountMinor;
  if (command.currency !== null && command.currency !== hold.currency) {
    return fail({ code: 'currency-mismatch', detail: `The hold is in ${hold.currency}.` });
  }
  if (amountMinor > hold.amountMinor) {
    return fail({ code: 'capture-exceeds-hold', detail: 'The amount is larger than the hold.' });
  }
  if (command.creditAccountId === account.id) {
    return fail({ code: 'same-account', detail: 'The two accounts must be different.' });
  }
  const payee = creditSide(view, command.creditAccountId, amountMinor, hold.currency);
  if (!payee.ok) return payee;
  const payerAfter = { ...release(account, hold, amountMinor), postedMinor: account.postedMinor - amountMinor };
  const journal = captureJournal(command, hold, amountMinor, context, [
    {
      accountId: account.id,
      amountMinor: -amountMinor,
      balanceAfterMinor: payerAfter.postedMinor,
      version: payerAfter.version,
    },
    {
      accountId: command.creditAccountId,
      amountMinor,
      balanceAfterMinor: payee.value?.postedMinor ?? null,
      version: payee.value?.version ?? null,
    },
  ]);
  assertBalanced(journal);
  return ok({
    journals: [journal],
    accounts: payee.value === null ? [payerAfter] : [payerAfter, payee.value],
    hold: { ...hold, status: 'captured', capturedMinor: amountMinor },
  });
}

/**
 * Releases an open hold. Fails with `hold-not-found`, or `hold-not-open` when it already ended, or, for the
 * sweeper, when its time is not up or a saga still owns it.
 */
export function decideRelease(view: LedgerView, command: ReleaseCommand, context: Context): Decided {
  const open = findOpenHold(view, command);
  if (!open.ok) return open;
  const { hold, account } = open.value;
  const isExpirable = hold.sagaId === null && hold.expiresAtMs !== null && hold.expiresAtMs <= context.nowMs;
  if (command.kind === 'expire' && !isExpirable) {
    return fail({ code: 'hold-not-open', detail: 'The hold is not due to expire.' });
  }
  return ok({
    journals: [],
    accounts: [release(account, hold, 0n)],
    hold: { ...hold, status: command.kind === 'void' ? 'voided' : 'expired' },
  });
}

/** The hold with its account. Fails with `hold-not-found` or `hold-not-open`. */
export function findOpenHold(
  view: LedgerView,
  command: { readonly holdId: string; readonly accountId: string },
): Result<{ hold: Hold; account: Account }, LedgerFailure> {
  const hold = view.hold(command.holdId);
  const account = view.account(command.accountId);
  if (hold === undefined || account === undefined || hold.accountId !== account.id) {
    return fail({ code: 'hold-not-found', detail: 'There is no such hold.' });
  }
  if (hold.status !== 'open') {
    return fail({ code: 'hold-not-open', detail: `The hold was already ${hold.status}.` });
  }
  return ok({ hold, account });
}

/** The account without the hold; what is not used of the day's limit is given back, on the same day. */
export function release(account: Account, hold: Hold, usedMinor: bigint): Account {
  const unusedMinor = hold.amountMinor - usedMinor;
  return {
    ...account,
    heldMinor: account.heldMinor - hold.amountMinor,
    spentTodayMinor: account.day === hold.day ? account.spentTodayMinor - unusedMinor : account.spentTodayMinor,
    version: account.version + 1,
  };
}

/** The payee after the credit; null when the bank itself receives. */
function creditSide(
  view: LedgerView,
  accountId: string,
  amountMinor: bigint,
  currency: string,
): Result<Account | null, LedgerFailure> {
  if (isSystemAccountIn(accountId, currency)) return ok(null);
  const found = findAccount(view, accountId);
  if (!found.ok) return found;
  const credit = checkCredit(found.value, amountMinor, currency);
  if (!credit.ok) return credit;
  const account = found.value;
  return ok({ ...account, postedMinor: account.postedMinor + amountMinor, version: account.version + 1 });
}

function captureJournal(
  command: CaptureCommand,
  hold: Hold,
  amountMinor: bigint,
  context: Context,
  postings: readonly Posting[],
): Journal {
  return {
    id: command.journalId,
    kind: 'capture',
    debitAccountId: hold.accountId,
    creditAccountId: command.creditAccountId,
    amountMinor,
    currency: hold.currency,
    reference: hold.reference,
    actor: command.actor,
    bookedAtMs: context.nowMs,
    valueDate: context.businessDate,
    businessDate: context.businessDate,
    parentId: hold.id,
    reversalOf: null,
    reason: null,
    otherParty: null,
    postings,
  };
}
