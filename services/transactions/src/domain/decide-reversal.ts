import { fail, ok, type Result } from '@florin/primitives';
import { type Account, availableMinor, isOwner } from './account.ts';
import type { ReversalCommand } from './command.ts';
import type { LedgerFailure } from './failures.ts';
import { assertBalanced, type Journal, type JournalKind, type OtherParty, type Posting } from './journal.ts';
import type { Context, Decision, JournalFacts, LedgerView } from './ledger-view.ts';
import { BALANCE_MINOR_MAX, insufficientFunds, ownAccount } from './rules.ts';
import { isSystemAccount, systemAccountId } from './system-account.ts';

const REVERSIBLE: ReadonlySet<JournalKind> = new Set(['transfer', 'deposit', 'withdrawal', 'fee']);

/** Whether journals of a kind are taken back at all. */
export function isReversible(kind: JournalKind): boolean {
  return REVERSIBLE.has(kind);
}

/**
 * Nobody takes money back alone: somebody else has agreed, or it is forced, and then somebody else was refused it, which the
 * decision itself sees to. Fails with `second-person-required`.
 */
export function checkSecondPerson({
  actor,
  force,
  secondPerson,
}: {
  readonly actor: string;
  readonly force: boolean;
  readonly secondPerson: string | null;
}): Result<true, LedgerFailure> {
  if (force || (secondPerson !== null && secondPerson !== actor)) return ok(true);
  return fail({ code: 'second-person-required', detail: 'Somebody else than who asked for it decides about it.' });
}

/**
 * Takes a journal back, whole and once, as a new linked journal. It may take money from a frozen account (that is how fraud
 * is undone), not from one that is closed or being closed. When the payee lacks the funds it is refused, unless a second
 * person forces it: then what is missing becomes a receivable of the bank. `checkSecondPerson`
 * holds the others to two people. Fails with `transfer-not-found`, `not-reversible`, `already-reversed`, `account-not-active`,
 * `own-account`, `insufficient-funds`,
 * `second-person-required` or `balance-limit-exceeded`. A transfer between two shards goes by `decideClaim` and what follows it.
 */
export function decideReversal(
  view: LedgerView,
  command: ReversalCommand,
  context: Context,
): Result<Decision, LedgerFailure> {
  const found = findReversible(view, command.journalId);
  if (!found.ok) return found;
  const original = found.value;
  if (original.isHalf) {
    return fail({ code: 'not-reversible', detail: 'Half of a transfer between two shards is not reversed by itself.' });
  }
  const payee = side(view, original.creditAccountId);
  const payer = side(view, original.debitAccountId);
  if (payee === 'unusable' || payer === 'unusable') return oneIsClosed();
  if ([payer, payee].some((account) => isOwnOf(command.actor, account))) return ownAccount();
  if (isTooMuch(payer, original.amountMinor)) return tooMuch();
  const taken = checkTaking(payee, original, command);
  if (!taken.ok) return taken;
  const { accounts, postings } = post([
    ...takingSides(payee, original, taken.value),
    { account: payer, accountId: original.debitAccountId, amountMinor: original.amountMinor },
  ]);
  return ok({ journals: [reversalJournal(original, command, context, null, postings)], accounts, hold: null });
}

/** The journal to take back. Fails with `transfer-not-found`, `not-reversible` or `already-reversed`. */
export function findReversible(view: LedgerView, journalId: string): Result<JournalFacts, LedgerFailure> {
  const original = view.journal(journalId);
  if (original === undefined) return fail({ code: 'transfer-not-found', detail: 'There is no such transfer.' });
  if (!isReversible(original.kind)) {
    return fail({ code: 'not-reversible', detail: `A ${original.kind} can not be reversed.` });
  }
  if (original.isReversed) return fail({ code: 'already-reversed', detail: 'The transfer was already reversed.' });
  if (original.claimedBy !== null) {
    return fail({ code: 'already-reversed', detail: 'The transfer is being reversed already.' });
  }
  return ok(original);
}

/** The account of one side; null when the bank itself is that side. */
export function side(view: LedgerView, accountId: string): Account | null | 'unusable' {
  if (isSystemAccount(accountId)) return null;
  const account = view.account(accountId);
  return account === undefined || account.status === 'closing' || account.status === 'closed' ? 'unusable' : account;
}

/** Whether it is an account of whoever wants the money moved. */
export function isOwnOf(actor: string, account: Account | null): boolean {
  return account !== null && isOwner(account, actor);
}

/** Whether giving the money back would make the payer's balance larger than the ledger allows. */
export function isTooMuch(payer: Account | null, amountMinor: bigint): boolean {
  return payer !== null && payer.postedMinor + amountMinor > BALANCE_MINOR_MAX;
}

export function oneIsClosed() {
  return fail<LedgerFailure>({ code: 'account-not-active', detail: 'One of the accounts is closed, or being closed.' });
}

export function tooMuch() {
  return fail<LedgerFailure>({
    code: 'balance-limit-exceeded',
    detail: 'The balance would be larger than the ledger allows.',
  });
}

/**
 * How much of the money the payee still has, in minor units. Less than the whole fails with `insufficient-funds`. What is
 * forced fails with `second-person-required` unless somebody else was refused it before, whatever there is by now.
 */
export function checkTaking(
  payee: Account | null,
  original: JournalFacts,
  command: { readonly actor: string; readonly force: boolean },
): Result<bigint, LedgerFailure> {
  const takenMinor = payee === null ? original.amountMinor : affordable(payee, original.amountMinor);
  if (!command.force) return takenMinor === original.amountMinor ? ok(takenMinor) : insufficientFunds();
  if (!original.refusedReversalActors.some((actor) => actor !== command.actor)) {
    return fail({
      code: 'second-person-required',
      detail: 'Another person must have been refused this reversal for lack of funds before it can be forced.',
    });
  }
  return ok(takenMinor);
}

function affordable(account: Account, amountMinor: bigint): bigint {
  const available = availableMinor(account);
  if (available <= 0n) return 0n;
  return available < amountMinor ? available : amountMinor;
}

/** What a reversal does to one account; null is one of the bank's own. */
export interface Side {
  readonly account: Account | null;
  readonly accountId: string;
  readonly amountMinor: bigint;
}

/** What the payee gives, and what the bank waits for instead. */
export function takingSides(payee: Account | null, original: JournalFacts, takenMinor: bigint): Side[] {
  const { creditAccountId, currency, amountMinor } = original;
  return [
    { account: payee, accountId: creditAccountId, amountMinor: -takenMinor },
    { account: null, accountId: systemAccountId('receivable', currency), amountMinor: takenMinor - amountMinor },
  ];
}

/** The postings of the sides that something happens to, and their accounts as they are then. */
export function post(sides: readonly Side[]): { accounts: Account[]; postings: Posting[] } {
  const accounts: Account[] = [];
  const postings: Posting[] = [];
  for (const { account, accountId, amountMinor } of sides) {
    if (amountMinor === 0n) continue;
    if (account === null) {
      postings.push({ accountId, amountMinor, balanceAfterMinor: null, version: null });
      continue;
    }
    const after = { ...account, postedMinor: account.postedMinor + amountMinor, version: account.version + 1 };
    accounts.push(after);
    postings.push({ accountId, amountMinor, balanceAfterMinor: after.postedMinor, version: after.version });
  }
  return { accounts, postings };
}

type Original = Pick<
  JournalFacts,
  'id' | 'debitAccountId' | 'creditAccountId' | 'amountMinor' | 'currency' | 'reference'
>;

/** The journal that takes another one back: the other way round, and linked to it. */
export function reversalJournal(
  original: Original,
  command: { readonly id: string; readonly actor: string; readonly reason: string },
  context: Context,
  otherParty: OtherParty | null,
  postings: readonly Posting[],
): Journal {
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
    otherParty,
    postings,
  };
  assertBalanced(journal);
  return journal;
}
