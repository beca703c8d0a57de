import { describe, expect, it } from 'vitest';
import { accountAfter, accountWith, journalWith, outcomeOf, payeeWith, postingsOf } from '../testing/ledger-states.ts';
import type { Account, AccountStatus } from './account.ts';
import type { ReversalCommand } from './command.ts';
import type { JournalFacts } from './ledger-view.ts';
import { BALANCE_MINOR_MAX } from './rules.ts';
import { systemAccountId } from './system-account.ts';

const CASH = systemAccountId('cash', 'EUR');
const FEES = systemAccountId('fee-income', 'EUR');
const RECEIVABLE = systemAccountId('receivable', 'EUR');

function reversal(more: Partial<ReversalCommand> = {}): ReversalCommand {
  return {
    kind: 'reversal',
    id: 'r',
    actor: 'sam',
    journalId: 'j',
    accountIds: ['a', 'b'],
    reason: 'sent twice',
    force: false,
    ...more,
  };
}

interface Row {
  readonly when: string;
  readonly journal?: Partial<JournalFacts>;
  readonly payer?: Partial<Account>;
  readonly payee?: Partial<Account>;
  readonly command?: Partial<ReversalCommand>;
  readonly code: string;
}

const ROWS: Row[] = [
  { when: 'the payee still has the money', code: 'ok' },
  { when: 'there is no such transfer', command: { journalId: 'none' }, code: 'transfer-not-found' },
  { when: 'the payer takes their own money back', payer: { owners: ['sam'] }, code: 'own-account' },
  { when: 'the payee gives their own money back', payee: { owners: ['sam', 'bob'] }, code: 'own-account' },
  { when: 'it was reversed before', journal: { isReversed: true }, code: 'already-reversed' },
  { when: 'it is a reversal itself', journal: { kind: 'reversal' }, code: 'not-reversible' },
  { when: 'its other half is in another shard', journal: { isHalf: true }, code: 'not-reversible' },
  { when: 'it is a capture', journal: { kind: 'capture' }, code: 'not-reversible' },
  { when: 'it is a deposit', journal: { kind: 'deposit', debitAccountId: CASH }, code: 'ok' },
  { when: 'it is a withdrawal', journal: { kind: 'withdrawal', creditAccountId: CASH }, code: 'ok' },
  { when: 'it is a fee', journal: { kind: 'fee', creditAccountId: FEES }, code: 'ok' },
  { when: 'the payee has exactly enough', payee: { postedMinor: 4_000n }, code: 'ok' },
  { when: 'the payee lacks a cent', payee: { postedMinor: 3_999n }, code: 'insufficient-funds' },
  { when: 'the payee holds a cent of it', payee: { heldMinor: 1_001n }, code: 'insufficient-funds' },
  { when: 'the overdraft of the payee covers it', payee: { postedMinor: 0n, overdraftMinor: 4_000n }, code: 'ok' },
  { when: 'the payer is full', payer: { postedMinor: BALANCE_MINOR_MAX - 4_000n }, code: 'ok' },
  {
    when: 'the payer would overflow',
    payer: { postedMinor: BALANCE_MINOR_MAX - 3_999n },
    code: 'balance-limit-exceeded',
  },
  { when: 'the daily limit of the payee is nothing', payee: { dailyLimitMinor: 0n }, code: 'ok' },
  {
    when: 'the person who was refused forces it alone',
    journal: { refusedReversalActors: ['sam'] },
    payee: { postedMinor: 0n },
    command: { force: true },
    code: 'second-person-required',
  },
  {
    when: 'it is forced before anybody was refused',
    payee: { postedMinor: 0n },
    command: { force: true },
    code: 'second-person-required',
  },
  {
    when: 'a second person forces it',
    journal: { refusedReversalActors: ['tessa'] },
    payee: { postedMinor: 0n },
    command: { force: true },
    code: 'ok',
  },
  {
    when: 'both were refused and one of them forces it',
    journal: { refusedReversalActors: ['sam', 'tessa'] },
    payee: { postedMinor: 0n },
    command: { force: true },
    code: 'ok',
  },
  {
    when: 'somebody was refused but nobody forces it',
    journal: { refusedReversalActors: ['tessa'] },
    payee: { postedMinor: 0n },
    code: 'insufficient-funds',
  },
  { when: 'it is forced although nobody was refused it', command: { force: true }, code: 'second-person-required' },
  {
    when: 'it is forced, and the money has come meanwhile',
    journal: { refusedReversalActors: ['tessa'] },
    command: { force: true },
    code: 'ok',
  },
];

const BY_STATUS: [AccountStatus, string][] = [
  ['active', 'ok'],
  ['frozen', 'ok'],
  ['closing', 'account-not-active'],
  ['closed', 'account-not-active'],
];

describe('a reversal', () => {
  it.each(ROWS)('when $when: $code', ({ journal, payer, payee, command, code }) => {
    const accounts = [accountWith(payer), payeeWith({ postedMinor: 5_000n, ...payee })];
    expect(outcomeOf({ accounts, journals: [journalWith(journal)] }, reversal(command)).code).toBe(code);
  });

  it.each(BY_STATUS)('from or to an account that is %s: %s', (status, code) => {
    const journals = [journalWith()];
    const payee = payeeWith({ postedMinor: 5_000n });
    expect(outcomeOf({ accounts: [accountWith({ status }), payee], journals }, reversal()).code).toBe(code);
    expect(outcomeOf({ accounts: [accountWith(), { ...payee, status }], journals }, reversal()).code).toBe(code);
  });

  it('is a new journal, linked to the old one, the other way round', () => {
    const payer = accountWith({ spentTodayMinor: 4_000n });
    const payee = payeeWith({ postedMinor: 5_000n, spentTodayMinor: 3n });
    const { decision } = outcomeOf({ accounts: [payer, payee], journals: [journalWith()] }, reversal());
    expect(postingsOf(decision)).toEqual([['b -4000', 'a 4000']]);
    expect(accountAfter(decision, 'a')).toEqual({ ...payer, postedMinor: 14_000n, version: 8 });
    expect(accountAfter(decision, 'b')).toEqual({ ...payee, postedMinor: 1_000n, version: 2 });
    expect(decision?.journals[0]).toMatchObject({
      id: 'r',
      kind: 'reversal',
      debitAccountId: 'b',
      creditAccountId: 'a',
      reversalOf: 'j',
      reason: 'sent twice',
      actor: 'sam',
    });
  });

  it.each([
    { has: 1_000n, postings: ['b -1000', `${RECEIVABLE} -3000`, 'a 4000'] },
    { has: 0n, postings: [`${RECEIVABLE} -4000`, 'a 4000'] },
    { has: -500n, postings: [`${RECEIVABLE} -4000`, 'a 4000'] },
    { has: 3_999n, postings: ['b -3999', `${RECEIVABLE} -1`, 'a 4000'] },
  ])('that is forced takes the $has the payee has, and the bank waits for the rest', ({ has, postings }) => {
    const accounts = [accountWith(), payeeWith({ postedMinor: has })];
    const journals = [journalWith({ refusedReversalActors: ['tessa'] })];
    const { decision } = outcomeOf({ accounts, journals }, reversal({ force: true }));
    expect(postingsOf(decision)).toEqual([postings]);
    const taken = postings.some((posting) => posting.startsWith('b '));
    expect(accountAfter(decision, 'b')?.postedMinor).toBe(taken ? 0n : undefined);
  });

  it('of cash goes back to the cash desk', () => {
    const deposit = journalWith({ kind: 'deposit', debitAccountId: CASH, creditAccountId: 'a' });
    const back = outcomeOf({ accounts: [accountWith()], journals: [deposit] }, reversal());
    expect(postingsOf(back.decision)).toEqual([['a -4000', `${CASH} 4000`]]);
    const withdrawal = journalWith({ kind: 'withdrawal', debitAccountId: 'a', creditAccountId: CASH });
    const again = outcomeOf({ accounts: [accountWith()], journals: [withdrawal] }, reversal());
    expect(postingsOf(again.decision)).toEqual([[`${CASH} -4000`, 'a 4000']]);
  });
});
