import { describe, expect, it } from 'vitest';
import { accountAfter, accountWith, outcomeOf, postingsOf } from '../testing/ledger-states.ts';
import type { Account, AccountStatus } from './account.ts';
import type { CashCommand } from './command.ts';
import { BALANCE_MINOR_MAX } from './rules.ts';
import { systemAccountId } from './system-account.ts';

const CASH = systemAccountId('cash', 'EUR');

function cash(kind: CashCommand['kind'], more: Partial<CashCommand> = {}): CashCommand {
  return {
    kind,
    id: 'c',
    actor: 'tessa',
    accountId: 'a',
    amountMinor: 4_000n,
    currency: 'EUR',
    reference: 'desk 4',
    ...more,
  };
}

interface Row {
  readonly kind: CashCommand['kind'];
  readonly when: string;
  readonly account?: Partial<Account>;
  readonly command?: Partial<CashCommand>;
  readonly code: string;
}

const ROWS: Row[] = [
  { kind: 'deposit', when: 'the account is there', code: 'ok' },
  { kind: 'deposit', when: 'the account is unknown', command: { accountId: 'nobody' }, code: 'account-not-found' },
  { kind: 'deposit', when: 'the account is the teller’s own', account: { owners: ['tessa'] }, code: 'own-account' },
  { kind: 'deposit', when: 'it is the bank itself', command: { accountId: CASH }, code: 'account-not-found' },
  { kind: 'deposit', when: 'the currency is another', command: { currency: 'USD' }, code: 'currency-mismatch' },
  { kind: 'deposit', when: 'it fills the account', account: { postedMinor: BALANCE_MINOR_MAX - 4_000n }, code: 'ok' },
  {
    kind: 'deposit',
    when: 'it is a cent too much for the account',
    account: { postedMinor: BALANCE_MINOR_MAX - 3_999n },
    code: 'balance-limit-exceeded',
  },
  { kind: 'withdrawal', when: 'there is enough', code: 'ok' },
  { kind: 'withdrawal', when: 'the account is unknown', command: { accountId: 'nobody' }, code: 'account-not-found' },
  { kind: 'withdrawal', when: 'the account is the teller’s own', account: { owners: ['tessa'] }, code: 'own-account' },
  { kind: 'withdrawal', when: 'the currency is another', command: { currency: 'USD' }, code: 'currency-mismatch' },
  { kind: 'withdrawal', when: 'it takes the last cent', command: { amountMinor: 10_000n }, code: 'ok' },
  {
    kind: 'withdrawal',
    when: 'it takes a cent too much',
    command: { amountMinor: 10_001n },
    code: 'insufficient-funds',
  },
  { kind: 'withdrawal', when: 'a part is held', account: { heldMinor: 6_001n }, code: 'insufficient-funds' },
  {
    kind: 'withdrawal',
    when: 'the overdraft covers it to the cent',
    account: { overdraftMinor: 1n },
    command: { amountMinor: 10_001n },
    code: 'ok',
  },
  { kind: 'withdrawal', when: 'the daily limit is used up', account: { dailyLimitMinor: 0n }, code: 'ok' },
  {
    kind: 'withdrawal',
    when: 'transfers cost a fee, which cash does not',
    account: { transferFeeMinor: 50n },
    command: { amountMinor: 10_000n },
    code: 'ok',
  },
];

const BY_STATUS: [AccountStatus, string, string][] = [
  ['active', 'ok', 'ok'],
  ['frozen', 'ok', 'account-not-active'],
  ['closing', 'account-not-active', 'account-not-active'],
  ['closed', 'account-not-active', 'account-not-active'],
];

describe('cash over the counter', () => {
  it.each(ROWS)('a $kind when $when: $code', ({ kind, account, command, code }) => {
    expect(outcomeOf({ accounts: [accountWith(account)] }, cash(kind, command)).code).toBe(code);
  });

  it.each(BY_STATUS)('on an account that is %s: a deposit %s, a withdrawal %s', (status, deposit, withdrawal) => {
    const accounts = [accountWith({ status })];
    expect(outcomeOf({ accounts }, cash('deposit')).code).toBe(deposit);
    expect(outcomeOf({ accounts }, cash('withdrawal')).code).toBe(withdrawal);
  });

  it('is booked against the cash of its currency, and leaves the daily limit alone', () => {
    const before = accountWith({ spentTodayMinor: 77n });
    const deposit = outcomeOf({ accounts: [before] }, cash('deposit'));
    expect(postingsOf(deposit.decision)).toEqual([['a 4000', `${CASH} -4000`]]);
    expect(accountAfter(deposit.decision, 'a')).toEqual({ ...before, postedMinor: 14_000n, version: 8 });
    expect(deposit.decision?.journals[0]).toMatchObject({ debitAccountId: CASH, creditAccountId: 'a' });

    const withdrawal = outcomeOf({ accounts: [before] }, cash('withdrawal'));
    expect(postingsOf(withdrawal.decision)).toEqual([['a -4000', `${CASH} 4000`]]);
    expect(accountAfter(withdrawal.decision, 'a')).toEqual({ ...before, postedMinor: 6_000n, version: 8 });
    expect(withdrawal.decision?.journals[0]).toMatchObject({ debitAccountId: 'a', creditAccountId: CASH });
  });
});
