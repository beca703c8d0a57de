import { describe, expect, it } from 'vitest';
import {
  accountAfter,
  accountWith,
  holdWith,
  outcomeOf,
  payeeWith,
  postingsOf,
  YESTERDAY,
} from '../testing/ledger-states.ts';
import type { Account, AccountStatus } from './account.ts';
import { accountsOf, type CaptureCommand } from './command.ts';
import type { Hold } from './hold.ts';
import { BALANCE_MINOR_MAX } from './rules.ts';
import { systemAccountId } from './system-account.ts';

const SETTLEMENT = systemAccountId('settlement', 'EUR');

function capture(more: Partial<CaptureCommand> = {}): CaptureCommand {
  return {
    kind: 'capture',
    journalId: 'cj',
    actor: 'service:payments',
    holdId: 'h',
    accountId: 'a',
    creditAccountId: 'b',
    amountMinor: null,
    currency: null,
    ...more,
  };
}

interface Row {
  readonly when: string;
  readonly hold?: Partial<Hold>;
  readonly payer?: Partial<Account>;
  readonly payee?: Partial<Account>;
  readonly command?: Partial<CaptureCommand>;
  readonly code: string;
}

const ROWS: Row[] = [
  { when: 'the whole is asked for', code: 'ok' },
  { when: 'the amount is the whole', command: { amountMinor: 3_000n, currency: 'EUR' }, code: 'ok' },
  { when: 'the amount is a part', command: { amountMinor: 1n, currency: 'EUR' }, code: 'ok' },
  { when: 'a cent too much', command: { amountMinor: 3_001n, currency: 'EUR' }, code: 'capture-exceeds-hold' },
  { when: 'the currency is another', command: { amountMinor: 1n, currency: 'USD' }, code: 'currency-mismatch' },
  { when: 'the payee keeps another currency', payee: { currency: 'USD' }, code: 'currency-mismatch' },
  { when: 'the hold is unknown', command: { holdId: 'nothing' }, code: 'hold-not-found' },
  { when: 'the hold is on another account', hold: { accountId: 'z' }, code: 'hold-not-found' },
  { when: 'it was captured', hold: { status: 'captured' }, code: 'hold-not-open' },
  { when: 'it was voided', hold: { status: 'voided' }, code: 'hold-not-open' },
  { when: 'it expired', hold: { status: 'expired' }, code: 'hold-not-open' },
  { when: 'its time is up but nobody ended it', hold: { expiresAtMs: 0 }, code: 'ok' },
  { when: 'the payee is the payer', command: { creditAccountId: 'a' }, code: 'same-account' },
  { when: 'the payee is unknown', command: { creditAccountId: 'nobody' }, code: 'account-not-found' },
  { when: 'the bank receives', command: { creditAccountId: SETTLEMENT }, code: 'ok' },
  {
    when: 'the bank should receive in another currency',
    command: { creditAccountId: systemAccountId('settlement', 'USD') },
    code: 'account-not-found',
  },
  {
    when: 'it is an account that only looks like one of the bank',
    command: { creditAccountId: '00000000-0000-8000-80ff-000000455552' },
    code: 'account-not-found',
  },
  { when: 'the payee fills up', payee: { postedMinor: BALANCE_MINOR_MAX - 3_000n }, code: 'ok' },
  {
    when: 'the payee would overflow',
    payee: { postedMinor: BALANCE_MINOR_MAX - 2_999n },
    code: 'balance-limit-exceeded',
  },
  { when: 'the daily limit was lowered since', payer: { dailyLimitMinor: 0n }, code: 'ok' },
  { when: 'the overdraft was cut since', payer: { postedMinor: -100n }, code: 'ok' },
];

const PAYER: [AccountStatus, string][] = [
  ['active', 'ok'],
  ['frozen', 'ok'],
  ['closing', 'ok'],
];
const PAYEE: [AccountStatus, string][] = [
  ['active', 'ok'],
  ['frozen', 'ok'],
  ['closing', 'account-not-active'],
  ['closed', 'account-not-active'],
];

describe('a capture', () => {
  const before = accountWith({ heldMinor: 3_000n, spentTodayMinor: 5_000n });

  it.each(ROWS)('when $when: $code', ({ hold, payer, payee, command, code }) => {
    const state = { accounts: [{ ...before, ...payer }, payeeWith(payee)], holds: [holdWith(hold)] };
    expect(outcomeOf(state, capture(command)).code).toBe(code);
  });

  it.each(PAYER)('from an account that is %s: %s', (status, code) => {
    const state = { accounts: [{ ...before, status }, payeeWith()], holds: [holdWith()] };
    expect(outcomeOf(state, capture()).code).toBe(code);
  });

  it.each(PAYEE)('to an account that is %s: %s', (status, code) => {
    const state = { accounts: [before, payeeWith({ status })], holds: [holdWith()] };
    expect(outcomeOf(state, capture()).code).toBe(code);
  });

  it('of a part posts the part, releases the rest and gives the rest of the limit back', () => {
    const state = { accounts: [before, payeeWith()], holds: [holdWith()] };
    const { decision } = outcomeOf(state, capture({ amountMinor: 1_000n, currency: 'EUR' }));
    expect(postingsOf(decision)).toEqual([['a -1000', 'b 1000']]);
    expect(accountAfter(decision, 'a')).toEqual({
      ...before,
      postedMinor: 9_000n,
      heldMinor: 0n,
      spentTodayMinor: 3_000n,
      version: 8,
    });
    expect(accountAfter(decision, 'b')).toEqual(payeeWith({ postedMinor: 1_000n, version: 2 }));
    expect(decision?.hold).toEqual(holdWith({ status: 'captured', capturedMinor: 1_000n }));
    const journal = { id: 'cj', kind: 'capture', parentId: 'h', reference: 'hotel', actor: 'service:payments' };
    expect(decision?.journals[0]).toMatchObject(journal);
  });

  it('of the whole uses what the hold took of the limit', () => {
    const state = { accounts: [before, payeeWith()], holds: [holdWith()] };
    const { decision } = outcomeOf(state, capture());
    expect(accountAfter(decision, 'a')).toMatchObject({ postedMinor: 7_000n, heldMinor: 0n, spentTodayMinor: 5_000n });
    expect(decision?.hold).toMatchObject({ capturedMinor: 3_000n });
  });

  it('on a later day gives nothing of that day back', () => {
    const state = { accounts: [before, payeeWith()], holds: [holdWith({ day: YESTERDAY })] };
    const { decision } = outcomeOf(state, capture({ amountMinor: 1n, currency: 'EUR' }));
    expect(accountAfter(decision, 'a')).toMatchObject({ spentTodayMinor: 5_000n });
  });

  it('for the bank itself changes one customer account and locks no other', () => {
    const state = { accounts: [before], holds: [holdWith()] };
    const command = capture({ creditAccountId: SETTLEMENT });
    const { decision } = outcomeOf(state, command);
    expect(postingsOf(decision)).toEqual([['a -3000', `${SETTLEMENT} 3000`]]);
    expect(decision?.accounts.map((account) => account.id)).toEqual(['a']);
    expect(decision?.journals[0]?.postings[1]).toMatchObject({ balanceAfterMinor: null, version: null });
    expect(accountsOf(command)).toEqual(['a']);
  });
});
