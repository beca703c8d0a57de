import { describe, expect, it } from 'vitest';
import { accountAfter, accountWith, journalWith, outcomeOf, payeeWith, postingsOf } from '../testing/ledger-states.ts';
import type { Account } from './account.ts';
import type { ClaimCommand, GiveBackCommand, TakeBackCommand } from './command.ts';
import type { JournalFacts } from './ledger-view.ts';
import { BALANCE_MINOR_MAX } from './rules.ts';
import { systemAccountId } from './system-account.ts';

const CLEARING = systemAccountId('clearing', 'EUR');
const SUSPENSE = systemAccountId('suspense', 'EUR');
const RECEIVABLE = systemAccountId('receivable', 'EUR');

const ALICE = { accountId: 'a', iban: 'NL00FLRN0000000001', name: 'Alice' };
const BOB = { accountId: 'b', iban: 'NL00FLRN1280000001', name: 'Bob' };
const FACTS = {
  id: 'r',
  actor: 'sam',
  journalId: 'j',
  amountMinor: 4_000n,
  currency: 'EUR',
  reference: 'rent',
  reason: 'sent twice',
};

/** Half of the transfer of 40.00 from alice to bob. */
function half(more: Partial<JournalFacts> = {}): JournalFacts {
  return journalWith({ isHalf: true, ...more });
}

function claim(more: Partial<ClaimCommand> = {}): ClaimCommand {
  return { kind: 'claim', actor: 'sam', sagaId: 'r', journalId: 'j', accountId: 'a', ...more };
}

function takeBack(more: Partial<TakeBackCommand> = {}): TakeBackCommand {
  return { kind: 'take-back', ...FACTS, accountId: 'b', otherParty: ALICE, force: false, ...more };
}

function giveBack(more: Partial<GiveBackCommand> = {}): GiveBackCommand {
  return { kind: 'give-back', ...FACTS, accountId: 'a', otherParty: BOB, ...more };
}

describe('the claim on a transfer', () => {
  it.each<{
    when: string;
    journal?: Partial<JournalFacts>;
    payer?: Partial<Account>;
    journalId?: string;
    code: string;
  }>([
    { when: 'nobody has it', code: 'ok' },
    { when: 'there is no such transfer', journalId: 'none', code: 'transfer-not-found' },
    { when: 'it is half of a reversal', journal: { kind: 'reversal' }, code: 'not-reversible' },
    { when: 'it did not cross', journal: { isHalf: false }, code: 'not-reversible' },
    { when: 'another saga has it', journal: { claimedBy: 'other' }, code: 'already-reversed' },
    { when: 'it was reversed', journal: { isReversed: true }, code: 'already-reversed' },
    { when: 'the payer is who wants it back', payer: { owners: ['sam'] }, code: 'own-account' },
    { when: 'the payer is frozen', payer: { status: 'frozen' }, code: 'ok' },
    { when: 'the payer is closing', payer: { status: 'closing' }, code: 'account-not-active' },
    { when: 'the payer is closed', payer: { status: 'closed' }, code: 'account-not-active' },
    { when: 'the payer is nearly full', payer: { postedMinor: BALANCE_MINOR_MAX - 4_000n }, code: 'ok' },
    { when: 'the payer is full', payer: { postedMinor: BALANCE_MINOR_MAX - 3_999n }, code: 'balance-limit-exceeded' },
  ])('when $when: $code', ({ journal, payer, journalId = 'j', code }) => {
    const state = { accounts: [accountWith(payer)], journals: [half(journal)] };
    expect(outcomeOf(state, claim({ journalId })).code).toBe(code);
  });

  it('books nothing', () => {
    const { decision } = outcomeOf({ accounts: [accountWith()], journals: [half()] }, claim());
    expect(decision).toEqual({
      journals: [],
      accounts: [],
      hold: null,
      claim: { journalId: 'j', sagaId: 'r', isGivenUp: false },
    });
  });
});

describe('the money is taken from the payee', () => {
  it.each<{ when: string; journal?: Partial<JournalFacts>; payee?: Partial<Account>; force?: boolean; code: string }>([
    { when: 'the payee has it', code: 'ok' },
    { when: 'it did not cross', journal: { isHalf: false }, code: 'not-reversible' },
    { when: 'it was taken before', journal: { isReversed: true }, code: 'already-reversed' },
    { when: 'the payee lacks a cent', payee: { postedMinor: 3_999n }, code: 'insufficient-funds' },
    { when: 'the payee holds a cent of it', payee: { heldMinor: 1_001n }, code: 'insufficient-funds' },
    { when: 'the payee is who takes it back', payee: { owners: ['sam'] }, code: 'own-account' },
    { when: 'the payee is frozen', payee: { status: 'frozen' }, code: 'ok' },
    { when: 'the payee is closing', payee: { status: 'closing' }, code: 'account-not-active' },
    { when: 'the payee is closed', payee: { status: 'closed' }, code: 'account-not-active' },
    { when: 'it is forced alone', payee: { postedMinor: 0n }, force: true, code: 'second-person-required' },
    {
      when: 'it is forced after another one was refused',
      journal: { refusedReversalActors: ['tessa'] },
      payee: { postedMinor: 0n },
      force: true,
      code: 'ok',
    },
  ])('when $when: $code', ({ journal, payee, force = false, code }) => {
    const state = { accounts: [payeeWith({ postedMinor: 5_000n, ...payee })], journals: [half(journal)] };
    expect(outcomeOf(state, takeBack({ force })).code).toBe(code);
  });

  it('says so while it has not arrived', () => {
    expect(outcomeOf({ accounts: [payeeWith()], journals: [] }, takeBack()).code).toBe('transfer-not-found');
  });

  it('for clearing, as a journal that names the payer', () => {
    const payee = payeeWith({ postedMinor: 5_000n });
    const { decision } = outcomeOf({ accounts: [payee], journals: [half()] }, takeBack());
    expect(postingsOf(decision)).toEqual([['b -4000', `${CLEARING} 4000`]]);
    expect(accountAfter(decision, 'b')).toEqual({ ...payee, postedMinor: 1_000n, version: 2 });
    expect(decision?.journals[0]).toMatchObject({
      id: 'r',
      kind: 'reversal',
      debitAccountId: 'b',
      creditAccountId: 'a',
      reversalOf: 'j',
      reason: 'sent twice',
      otherParty: ALICE,
    });
  });

  it('as far as it is there when it is forced, and the bank waits for the rest', () => {
    const accounts = [payeeWith({ postedMinor: 1_000n })];
    const journals = [half({ refusedReversalActors: ['tessa'] })];
    const { decision } = outcomeOf({ accounts, journals }, takeBack({ force: true }));
    expect(postingsOf(decision)).toEqual([['b -1000', `${RECEIVABLE} -3000`, `${CLEARING} 4000`]]);
  });

  it('or from suspense, where it went', () => {
    const journals = [half({ creditAccountId: SUSPENSE })];
    const { decision } = outcomeOf({ accounts: [payeeWith({ status: 'closed' })], journals }, takeBack());
    expect(postingsOf(decision)).toEqual([[`${SUSPENSE} -4000`, `${CLEARING} 4000`]]);
    expect(decision?.accounts).toEqual([]);
  });
});

describe('the money is given back to the payer', () => {
  it('from clearing, as a journal that names the payee', () => {
    const payer = accountWith({ spentTodayMinor: 4_000n });
    const { decision } = outcomeOf({ accounts: [payer] }, giveBack());
    expect(postingsOf(decision)).toEqual([[`${CLEARING} -4000`, 'a 4000']]);
    expect(accountAfter(decision, 'a')).toEqual({ ...payer, postedMinor: 14_000n, version: 8 });
    expect(decision?.journals[0]).toMatchObject({
      id: 'r',
      debitAccountId: 'b',
      creditAccountId: 'a',
      reversalOf: 'j',
    });
    expect(decision?.journals[0]?.otherParty).toEqual(BOB);
  });

  it.each<[string, Account[]]>([
    ['is closed', [accountWith({ status: 'closed' })]],
    ['is full', [accountWith({ postedMinor: BALANCE_MINOR_MAX - 3_999n })]],
    ['is not there', []],
  ])('or to suspense when the payer %s', (_, accounts) => {
    const { code, decision } = outcomeOf({ accounts }, giveBack());
    expect([code, postingsOf(decision)]).toEqual(['ok', [[`${CLEARING} -4000`, `${SUSPENSE} 4000`]]]);
    expect(decision?.journals[0]?.creditAccountId).toBe(SUSPENSE);
    expect(decision?.accounts).toEqual([]);
  });
});
