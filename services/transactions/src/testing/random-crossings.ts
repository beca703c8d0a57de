import { newId } from '@florin/primitives';
import type { Command } from '../domain/command.ts';
import { pick, type Surroundings, type Wish } from './wishes.ts';

/** One half of a transfer to or from another shard, where somebody else has the account. */
export function crossingOf(
  wish: Extract<Wish, { kind: 'send' | 'receive' | 'post-debit' }>,
  around: Surroundings,
  accountId: (index: number) => string,
): Command {
  const otherParty = { accountId: newId(1), iban: 'IBAN elsewhere', name: '' };
  const facts = { actor: 'alice', currency: 'EUR', reference: '' };
  if (wish.kind === 'send') {
    const { actor: sender, from } = wish;
    const accounts = { debitAccountId: accountId(from), creditAccountId: otherParty.accountId };
    return { kind: 'send', id: newId(0), ...facts, ...accounts, actor: sender, amountMinor: BigInt(wish.amount) };
  }
  if (wish.kind === 'receive') {
    const accounts = { debitAccountId: otherParty.accountId, creditAccountId: accountId(wish.to) };
    const money = { amountMinor: BigInt(wish.amount), currency: wish.currency };
    return { kind: 'receive', id: newId(1), ...facts, ...accounts, ...money, otherParty };
  }
  const hold = pick(
    around.holds.filter(({ isSagas, amount: held }) => isSagas && held > FEE_MAX),
    wish.hold,
  );
  return {
    kind: 'post-debit',
    id: hold?.id ?? newId(0),
    feeJournalId: newId(0),
    ...facts,
    debitAccountId: hold?.account ?? newId(0),
    creditAccountId: otherParty.accountId,
    // A hold of a saga is at least the amount; what is beyond it is the fee.
    amountMinor: hold === undefined ? 1n : hold.amount - (hold.amount % FEE_MAX),
    otherParty,
  };
}

const FEE_MAX = 3n;
/** The accounts of the history that are open in euros. */
const EURO_ACCOUNTS = 3;

/** One step of taking a transfer between two shards back, of which one half is here. */
export function crossingReversalOf(
  wish: Extract<Wish, { kind: 'claim' | 'unclaim' | 'take-back' | 'give-back' }>,
  around: Surroundings,
): Command {
  const facts = { id: newId(0), actor: 'sam', currency: 'EUR', reference: '', reason: 'asked for' };
  const otherParty = { accountId: newId(1), iban: 'IBAN elsewhere', name: '' };
  if (wish.kind === 'give-back') {
    const accountId = around.accountIds[wish.to % EURO_ACCOUNTS] ?? newId(0);
    const money = { accountId, amountMinor: BigInt(wish.amount) };
    return { kind: 'give-back', ...facts, ...money, journalId: newId(0), otherParty };
  }
  const journals = around.journals.filter(({ kind, claimedBy }) =>
    wish.kind === 'unclaim' ? claimedBy !== null : kind === 'half of a transfer' || kind === 'deposit',
  );
  const journal = pick(journals, wish.journal);
  const journalId = journal?.id ?? newId(0);
  if (wish.kind !== 'take-back') {
    const sagaId = (wish.kind === 'unclaim' ? journal?.claimedBy : null) ?? newId(0);
    return { kind: wish.kind, actor: facts.actor, sagaId, journalId, accountId: journal?.from ?? newId(0) };
  }
  const { actor, force } = wish;
  const accountId = journal?.to ?? newId(0);
  return { kind: 'take-back', ...facts, actor, force, journalId, accountId, amountMinor: 1n, otherParty };
}
