import { fail, ok, type Result } from '@florin/primitives';
import { type Account, availableMinor, isOwner } from './account.ts';
import type { ReversalCommand } from './command.ts';
import type { LedgerFailure } from './failures.ts';
import { assertBalanced, type Journal, type JournalKind, type Posting } from './journal.ts';
import type { Context, Decision, JournalFacts, LedgerView } from './ledger-view.ts';
import { BALANCE_MINOR_MAX, insufficientFunds, ownAccount } from './rules.ts';
import { isSystemAccount, systemAccountId } from './system-account.ts';

const REVERSIBLE: ReadonlySet<JournalKind> = new Set(['transfer', 'deposit', 'withdrawal', 'fee']);

/**
 * Takes a journal back, whole and once, as a new linked journal. It may take money from a frozen account (that is
 * how fraud is undone), not from a closed one. When the payee lacks the funds it is refused, unless a second person
 * forces it: then what is missing becomes a receivable of the bank. Fails with `transfer-not-found`,
 * `not-reversible`, `already-reversed`, `account-not-active`, `own-account`, `insufficient-funds`,
 * `second-person-required` or `balance-limit-exceeded`.
 */
export function decideReversal(
  view: LedgerView,
  command: ReversalCommand,
  context: Context,
): Result<Decision, LedgerFailure> {
  const original = view.journal(command.journalId);
  if (original === undefined) return fail({ code: 'transfer-not-found', detail: 'There is no such transfer.' });
  if (!REVERSIBLE.has(original.kind)) {
    return fail({ code: 'not-reversible', detail: `A ${original.kind} can not be reversed.` });
  }
  if (original.isHalf) {
    return fail({ code: 'not-reversible', detail: 'A transfer between two shards can not be reversed yet.' });
  }
  if (original.isReversed) return fail({ code: 'already-reversed', detail: 'The transfer was already reversed.' });
  const payee = side(view, original.creditAccountId);
  const payer = side(view, original.debitAccountId);
  if (payee === 'unusable' || payer === 'unusable') {
    return fail({ code: 'account-not-active', detail: 'One of the accounts is closed.' });
  }
  if ([payer, payee].some((account) => account !== null && isOwner(account, command.actor))) return ownAccount();
  if (payer !== null && payer.postedMinor + original.amountMinor > BALANCE_MINOR_MAX) {
    return fail({ code: 'balance-limit-exceeded', detail: 'The balance would be larger than the ledger allows.' });
  }
  const takenMinor = payee === null ? original.amountMinor : affordable(payee, original.amountMinor);
  if (takenMinor < original.amountMinor) {
    if (!command.force) return insufficientFunds();
    if (!original.refusedReversalActors.some((actor) => actor !== command.actor)) {
      return fail({
        code: 'second-person-required',
        detail: 'Another person must have been refused this reversal for lack of funds before it can be forced.',
      });
    }
  }
  return ok(book(original, payer, payee, takenMinor, command, context));
}

/** The account of one side; null when the bank itself is that side. */
function side(view: LedgerView, accountId: string): Account | null | 'unusable' {
  if (isSystemAccount(accountId)) return null;
  const account = view.account(accountId);
  return account === undefined || account.status === 'closed' ? 'unusable' : account;
}

function affordable(account: Account, amountMinor: bigint): bigint {
  const available = availableMinor(account);
  if (available <= 0n) return 0n;
  return available < amountMinor ? available : amountMinor;
}

function book(
  original: JournalFacts,
  payer: Account | null,
  payee: Account | null,
  takenMinor: bigint,
  command: ReversalCommand,
  context: Context,
): Decision {
  const accounts: Account[] = [];
  const postings: Posting[] = [];
  const add = (account: Account | null, accountId: string, amountMinor: bigint): void => {
    if (amountMinor === 0n) return;
    if (account === null) {
      postings.push({ accountId, amountMinor, balanceAfterMinor: null, version: null });
      return;
    }
    const after = { ...account, postedMinor: account.postedMinor + amountMinor, version: account.version + 1 };
    accounts.push(after);
    postings.push({ accountId, amountMinor, balanceAfterMinor: after.postedMinor, version: after.version });
  };
  add(payee, original.creditAccountId, -takenMinor);
  add(null, systemAccountId('receivable', original.currency), takenMinor - original.amountMinor);
  add(payer, original.debitAccountId, original.amountMinor);
  const journal: Journal = {
    id: command.id,
    kind: 'reversal',
    debitAccountId: original.creditAccountId,
    creditAccountId: original.debitAccountId,
    amountMinor: original.amountMinor,
    currency: original.currency,
    reference: original.reference,
    actor: command.actor,
    bookedAtMs: context.nowMs,
    valueDate: context.businessDate,
    businessDate: context.businessDate,
    parentId: null,
    reversalOf: original.id,
    reason: command.reason,
    otherParty: null,
    postings,
  };
  assertBalanced(journal);
  return { journals: [journal], accounts, hold: null };
}
