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
