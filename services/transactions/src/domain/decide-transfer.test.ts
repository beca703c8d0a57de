import { describe, expect, it } from 'vitest';
import {
  accountAfter,
  accountWith,
  outcomeOf,
  payeeWith,
  postingsOf,
  TODAY,
  YESTERDAY,
} from '../testing/ledger-states.ts';
import type { Account, AccountStatus } from './account.ts';
import type { TransferCommand } from './command.ts';
import { BALANCE_MINOR_MAX } from './rules.ts';
import { systemAccountId } from './system-account.ts';

const FEES = systemAccountId('fee-income', 'EUR');

function transfer(more: Partial<TransferCommand> = {}): TransferCommand {
  return {
    kind: 'transfer',
    id: 't',
    feeJournalId: 'f',
    actor: 'alice',
    debitAccountId: 'a',
    creditAccountId: 'b',
    amountMinor: 4_000n,
    currency: 'EUR',
    reference: 'rent',
    ...more,
  };
}

interface Row {
  readonly when: string;
  readonly payer?: Partial<Account>;
  readonly payee?: Partial<Account>;
  readonly command?: Partial<TransferCommand>;
  readonly code: string;
}

const ROWS: Row[] = [
  { when: 'the payer has more than enough', code: 'ok' },
  { when: 'the payer is unknown', command: { debitAccountId: 'nobody' }, code: 'account-not-found' },
  { when: 'the payee is unknown', command: { creditAccountId: 'nobody' }, code: 'account-not-found' },
  { when: 'the payer belongs to somebody else', command: { actor: 'mallory' }, code: 'account-not-found' },
  { when: 'a joint owner sends', payer: { owners: ['carol', 'alice'] }, code: 'ok' },
  { when: 'nobody owns the payer', payer: { owners: [] }, code: 'account-not-found' },
  { when: 'the payee is the bank itself', command: { creditAccountId: FEES }, code: 'account-not-found' },
  { when: 'the payer is the bank itself', command: { debitAccountId: FEES }, code: 'account-not-found' },
  { when: 'both sides are one account', command: { creditAccountId: 'a' }, code: 'same-account' },
  {
    when: 'both sides are one account of somebody else',
    command: { creditAccountId: 'a', actor: 'mallory' },
    code: 'account-not-found',
  },
  { when: 'the amount is in another currency', command: { currency: 'USD' }, code: 'currency-mismatch' },
  { when: 'the payee keeps another currency', payee: { currency: 'USD' }, code: 'currency-mismatch' },
  { when: 'it takes the last cent', command: { amountMinor: 10_000n }, code: 'ok' },
  { when: 'it takes a cent too much', command: { amountMinor: 10_001n }, code: 'insufficient-funds' },
  { when: 'what is left is held', payer: { heldMinor: 6_000n }, code: 'ok' },
  { when: 'a cent of it is held', payer: { heldMinor: 6_001n }, code: 'insufficient-funds' },
  {
    when: 'it uses the overdraft to its end',
    payer: { overdraftMinor: 500n },
    command: { amountMinor: 10_500n },
    code: 'ok',
  },
  {
    when: 'it is a cent past the overdraft',
    payer: { overdraftMinor: 500n },
    command: { amountMinor: 10_501n },
    code: 'insufficient-funds',
  },
  {
    when: 'the overdraft was cut below what is used',
    payer: { postedMinor: -900n, overdraftMinor: 500n },
    command: { amountMinor: 1n },
    code: 'insufficient-funds',
  },
  { when: 'the fee fits as well', payer: { transferFeeMinor: 6_000n }, code: 'ok' },
  { when: 'the fee is a cent too much', payer: { transferFeeMinor: 6_001n }, code: 'insufficient-funds' },
  { when: 'the payee charges a fee for its own transfers', payee: { transferFeeMinor: 9_999n }, code: 'ok' },
  { when: 'it reaches the daily limit exactly', payer: { dailyLimitMinor: 4_000n }, code: 'ok' },
  { when: 'it is a cent past the daily limit', payer: { dailyLimitMinor: 3_999n }, code: 'daily-limit-exceeded' },
  {
    when: 'the fee alone would pass the limit, which it does not count towards',
    payer: { dailyLimitMinor: 4_000n, transferFeeMinor: 100n },
    code: 'ok',
  },
  {
    when: 'what was sent earlier today reaches the limit with it',
    payer: { dailyLimitMinor: 9_000n, spentTodayMinor: 5_000n },
    code: 'ok',
  },
  {
    when: 'what was sent earlier today leaves a cent too little',
    payer: { dailyLimitMinor: 9_000n, spentTodayMinor: 5_001n },
    code: 'daily-limit-exceeded',
  },
  {
    when: 'the limit was used up on another day',
    payer: { dailyLimitMinor: 4_000n, spentTodayMinor: 4_000n, day: YESTERDAY },
    code: 'ok',
  },
  { when: 'nothing may be sent at all', payer: { dailyLimitMinor: 0n }, code: 'daily-limit-exceeded' },
  { when: 'the payee becomes as rich as can be', payee: { postedMinor: BALANCE_MINOR_MAX - 4_000n }, code: 'ok' },
  {
    when: 'the payee would become a cent richer than that',
    payee: { postedMinor: BALANCE_MINOR_MAX - 3_999n },
    code: 'balance-limit-exceeded',
  },
];

const SENDING: Record<AccountStatus, string> = {
  active: 'ok',
  frozen: 'account-not-active',
  closing: 'account-not-active',
  closed: 'account-not-active',
};
const RECEIVING: Record<AccountStatus, string> = {
  active: 'ok',
  frozen: 'ok',
  closing: 'account-not-active',
  closed: 'account-not-active',
};

describe('a transfer', () => {
  it.each(ROWS)('when $when: $code', ({ payer, payee, command, code }) => {
    const accounts = [accountWith(payer), payeeWith(payee)];
    expect(outcomeOf({ accounts }, transfer(command)).code).toBe(code);
  });

  it.each(Object.entries(SENDING))('from an account that is %s: %s', (status, code) => {
    const accounts = [accountWith({ status: status as AccountStatus }), payeeWith()];
    expect(outcomeOf({ accounts }, transfer()).code).toBe(code);
  });

  it.each(Object.entries(RECEIVING))('to an account that is %s: %s', (status, code) => {
    const accounts = [accountWith(), payeeWith({ status: status as AccountStatus })];
    expect(outcomeOf({ accounts }, transfer()).code).toBe(code);
  });

  it('moves the amount, raises both versions and counts towards the limit of its day', () => {
    const accounts = [accountWith({ spentTodayMinor: 100n }), payeeWith({ spentTodayMinor: 5n })];
    const { decision } = outcomeOf({ accounts }, transfer());
    expect(postingsOf(decision)).toEqual([['a -4000', 'b 4000']]);
    expect(accountAfter(decision, 'a')).toEqual(
      accountWith({ postedMinor: 6_000n, version: 8, spentTodayMinor: 4_100n }),
    );
    expect(accountAfter(decision, 'b')).toEqual(payeeWith({ postedMinor: 4_000n, version: 2, spentTodayMinor: 5n }));
    expect(decision?.journals[0]).toMatchObject({
      id: 't',
      kind: 'transfer',
      actor: 'alice',
      businessDate: TODAY,
      valueDate: TODAY,
      reversalOf: null,
    });
    const [debit, credit] = decision?.journals[0]?.postings ?? [];
    expect(debit).toMatchObject({ balanceAfterMinor: 6_000n, version: 8 });
    expect(credit).toMatchObject({ balanceAfterMinor: 4_000n, version: 2 });
  });

  it('starts the count anew on a new day', () => {
    const accounts = [accountWith({ spentTodayMinor: 9_999n, day: YESTERDAY }), payeeWith()];
    const { decision } = outcomeOf({ accounts }, transfer());
    expect(accountAfter(decision, 'a')).toMatchObject({ day: TODAY, spentTodayMinor: 4_000n });
  });

  it('books the fee as a journal of its own, whose balance follows the transfer', () => {
    const accounts = [accountWith({ transferFeeMinor: 25n }), payeeWith()];
    const { decision } = outcomeOf({ accounts }, transfer());
    expect(postingsOf(decision)).toEqual([
      ['a -4000', 'b 4000'],
      ['a -25', `${FEES} 25`],
    ]);
    const fee = decision?.journals[1];
    expect(fee).toMatchObject({ id: 'f', kind: 'fee', parentId: 't', creditAccountId: FEES, amountMinor: 25n });
    expect(decision?.journals[0]?.postings[0]).toMatchObject({ balanceAfterMinor: 6_000n, version: 8 });
    expect(fee?.postings[0]).toMatchObject({ balanceAfterMinor: 5_975n, version: 8 });
    expect(fee?.postings[1]).toMatchObject({ balanceAfterMinor: null, version: null });
    expect(accountAfter(decision, 'a')).toMatchObject({ postedMinor: 5_975n, spentTodayMinor: 4_000n });
  });
});
