import { systemAccountId } from '../domain/system-account.ts';
import {
  addJournal,
  type ModelAccount,
  type ModelJournal,
  moveOfBank,
  no,
  type Of,
  type State,
  type Verdict,
  yes,
} from './model-state.ts';

// Taking back, as plainly as it can be said; part of `ModelLedger`.

const HALF = 'half of a transfer';

export function reverse(state: State, command: Of<'reversal'>): Verdict {
  const journal = state.journals.get(command.journalId);
  const refused = whyNot(journal);
  if (refused !== null || journal === undefined) return no(refused ?? '');
  if (journal.kind === HALF) return no('not-reversible');
  const payer = state.accounts.get(journal.from);
  const payee = state.accounts.get(journal.to);
  if ([payer, payee].some((side) => side?.status.startsWith('clos'))) return no('account-not-active');
  if ([payer, payee].some((side) => side?.owners.includes(command.actor))) return no('own-account');
  const taken = takenFrom(payee, journal, command);
  if (typeof taken === 'string') return no(taken);
  const changed = [
    ...move(state, journal.to, -taken),
    ...move(state, systemAccountId('receivable', journal.currency), taken - journal.amount),
    ...move(state, journal.from, journal.amount),
  ];
  journal.isReversed = true;
  addJournal(state, command.id, 'reversal', journal.to, journal.from, journal.amount, journal.currency);
  return yes(...changed);
}

export function claim(state: State, { kind, actor, journalId, sagaId }: Of<'claim' | 'unclaim'>): Verdict {
  const journal = state.journals.get(journalId);
  if (kind === 'unclaim') {
    if (journal?.claimedBy === sagaId) journal.claimedBy = null;
    return yes();
  }
  const refused = whyNot(journal);
  if (refused !== null || journal === undefined) return no(refused ?? '');
  if (journal.kind !== HALF) return no('not-reversible');
  if (isUnusable(state, journal.from)) return no('account-not-active');
  if (state.accounts.get(journal.from)?.owners.includes(actor)) return no('own-account');
  journal.claimedBy = sagaId;
  return yes();
}

export function takeBack(state: State, command: Of<'take-back'>): Verdict {
  const journal = state.journals.get(command.journalId);
  const refused = whyNot(journal);
  if (refused !== null || journal === undefined) return no(refused ?? '');
  if (journal.kind !== HALF) return no('not-reversible');
  if (isUnusable(state, journal.to)) return no('account-not-active');
  if (state.accounts.get(journal.to)?.owners.includes(command.actor)) return no('own-account');
  const taken = takenFrom(state.accounts.get(journal.to), journal, command);
  if (typeof taken === 'string') return no(taken);
  const changed = move(state, journal.to, -taken);
  moveOfBank(state, systemAccountId('receivable', journal.currency), taken - journal.amount);
  moveOfBank(state, systemAccountId('clearing', journal.currency), journal.amount);
  journal.isReversed = true;
  addJournal(state, command.id, 'reversal', journal.to, journal.from, journal.amount, journal.currency);
  return yes(...changed);
}

export function giveBack(state: State, command: Of<'give-back'>): Verdict {
  const { accountId, amountMinor, currency } = command;
  const to = isUnusable(state, accountId) ? systemAccountId('suspense', currency) : accountId;
  moveOfBank(state, systemAccountId('clearing', currency), -amountMinor);
  addJournal(state, command.id, 'reversal', command.otherParty.accountId, to, amountMinor, currency);
  return yes(...move(state, to, amountMinor));
}

function whyNot(journal: ModelJournal | undefined): string | null {
  if (journal === undefined) return 'transfer-not-found';
  if (['reversal', 'capture'].includes(journal.kind)) return 'not-reversible';
  return journal.isReversed || journal.claimedBy !== null ? 'already-reversed' : null;
}

/** No account of this shard, or one that is closed or being closed; the bank's own are always there. */
function isUnusable(state: State, id: string): boolean {
  if (id.startsWith('00000000-')) return false;
  const status = state.accounts.get(id)?.status;
  return status === undefined || status.startsWith('clos');
}

/** What there is to take, or why it may not be taken. */
function takenFrom(
  payee: ModelAccount | undefined,
  { amount, refused }: ModelJournal,
  { actor, force }: { readonly actor: string; readonly force: boolean },
): bigint | string {
  const available = payee === undefined ? amount : payee.posted - payee.held + payee.overdraft;
  if (!force) {
    if (available >= amount) return amount;
    refused.add(actor);
    return 'insufficient-funds';
  }
  const others = [...refused].filter((other) => other !== actor);
  if (others.length === 0) return 'second-person-required';
  if (available >= amount) return amount;
  return available > 0n ? available : 0n;
}

/** Answers the account when it is a customer's and something changed. */
function move(state: State, id: string, change: bigint): string[] {
  const account = state.accounts.get(id);
  if (account === undefined) {
    moveOfBank(state, id, change);
    return [];
  }
  if (change === 0n) return [];
  account.posted += change;
  account.version += 1;
  return [id];
}
