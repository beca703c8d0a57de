import { fail, ok, type Result } from '@florin/primitives';
import type { ClaimCommand, GiveBackCommand, TakeBackCommand } from './command.ts';
import {
  checkTaking,
  findReversible,
  isOwnOf,
  isTooMuch,
  oneIsClosed,
  post,
  reversalJournal,
  side,
  takingSides,
  tooMuch,
} from './decide-reversal.ts';
import type { LedgerFailure } from './failures.ts';
import type { Context, Decision, JournalFacts, LedgerView } from './ledger-view.ts';
import { ownAccount } from './rules.ts';
import { systemAccountId } from './system-account.ts';

// A transfer between two shards is taken back in three steps. The payer's shard claims the transfer, so that nobody else
// takes it back as well; the payee's takes the money from where it went (from here on there is no way back); the payer's
// gives it back. By the rules of a reversal within one shard, each where its account is. The fee stays, as it does there.

type Decided = Result<Decision, LedgerFailure>;

/**
 * Says that a saga takes the transfer back, in the books of the payer. Nothing is booked. Fails with `transfer-not-found`,
 * `not-reversible`, `already-reversed` (also while another one is at it), `account-not-active`, `own-account` or
 * `balance-limit-exceeded`.
 */
export function decideClaim(view: LedgerView, { actor, journalId, sagaId }: ClaimCommand): Decided {
  const original = findHalf(view, journalId);
  if (!original.ok) return original;
  const { debitAccountId, amountMinor } = original.value;
  const payer = side(view, debitAccountId);
  if (payer === 'unusable') return oneIsClosed();
  if (isOwnOf(actor, payer)) return ownAccount();
  if (isTooMuch(payer, amountMinor)) return tooMuch();
  return ok({ ...NOTHING_BOOKED, claim: { journalId, sagaId, isGivenUp: false } });
}

/** Undoes the claim: the transfer may be taken back by another saga. A claim of another one stays. */
export function decideUnclaim({ journalId, sagaId }: ClaimCommand): Decided {
  return ok({ ...NOTHING_BOOKED, claim: { journalId, sagaId, isGivenUp: true } });
}

function findHalf(view: LedgerView, journalId: string): Result<JournalFacts, LedgerFailure> {
  const found = findReversible(view, journalId);
  if (!found.ok || found.value.isHalf) return found;
  return fail({ code: 'not-reversible', detail: 'It did not go from one shard to another.' });
}

const NOTHING_BOOKED = { journals: [], accounts: [], hold: null };

/**
 * The pivot: the money leaves the payee, or suspense when it went there, for clearing. Refused as a reversal within one shard
 * is for its payee: `already-reversed`, `account-not-active`, `own-account`, `insufficient-funds` or `second-person-required`; and with
 * `transfer-not-found` while the money has not arrived here, which it will.
 */
export function decideTakeBack(view: LedgerView, command: TakeBackCommand, context: Context): Decided {
  const found = findHalf(view, command.journalId);
  if (!found.ok) return found;
  const original = found.value;
  const payee = side(view, original.creditAccountId);
  if (payee === 'unusable') return oneIsClosed();
  if (isOwnOf(command.actor, payee)) return ownAccount();
  const taken = checkTaking(payee, original, command);
  if (!taken.ok) return taken;
  const { amountMinor, currency } = original;
  const { accounts, postings } = post([
    ...takingSides(payee, original, taken.value),
    { account: null, accountId: systemAccountId('clearing', currency), amountMinor },
  ]);
  const journal = reversalJournal(original, command, context, command.otherParty, postings);
  return ok({ journals: [journal], accounts, hold: null });
}

/**
 * The money arrives from clearing. It must not fail for a reason of business, because it was taken already: what the payer
 * can not take any more (closed meanwhile, too full) goes to suspense, for people to see to.
 */
export function decideGiveBack(view: LedgerView, command: GiveBackCommand, context: Context): Decided {
  const { accountId, amountMinor, currency, otherParty } = command;
  const payer = side(view, accountId);
  const isTakeable = payer !== 'unusable' && !isTooMuch(payer, amountMinor);
  const creditId = isTakeable ? accountId : systemAccountId('suspense', currency);
  const { accounts, postings } = post([
    { account: null, accountId: systemAccountId('clearing', currency), amountMinor: -amountMinor },
    { account: isTakeable ? payer : null, accountId: creditId, amountMinor },
  ]);
  const original = {
    id: command.journalId,
    debitAccountId: creditId,
    creditAccountId: otherParty.accountId,
    amountMinor,
    currency,
    reference: command.reference,
  };
  const journal = reversalJournal(original, command, context, otherParty, postings);
  return ok({ journals: [journal], accounts, hold: null });
}
