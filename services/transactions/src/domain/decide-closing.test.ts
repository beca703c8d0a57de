import { describe, expect, it } from 'vitest';
import { accountAfter, accountWith, holdWith, outcomeOf, payeeWith, postingsOf } from '../testing/ledger-states.ts';
import type { Account } from './account.ts';
import type { Command } from './command.ts';
import { BALANCE_MINOR_MAX } from './rules.ts';

const BEGIN = { kind: 'begin-closing', accountId: 'a', controlVersion: 4, mayBeFrozen: false } as const;
const REOPEN = { kind: 'reopen', accountId: 'a', controlVersion: 5, status: 'active' } as const;
const CLOSE = { kind: 'close', accountId: 'a', controlVersion: 5 } as const;
const SWEEP = {
  kind: 'sweep',
  id: 's',
  actor: 'tessa',
  debitAccountId: 'a',
  creditAccountId: 'b',
  payeeElsewhere: null,
} as const;

function closing(more: Partial<Account> = {}): Account {
  return accountWith({ status: 'closing', controlVersion: 4, ...more });
}

describe('the closing of an account begins', () => {
  it.each<{ when: string; account?: Partial<Account>; command?: Partial<typeof BEGIN | Command>; code: string }>([
    { when: 'it holds money', code: 'ok' },
    { when: 'it is empty', account: { postedMinor: 0n }, code: 'ok' },
    { when: 'it is frozen', account: { status: 'frozen' }, code: 'account-not-active' },
    { when: 'it is frozen and may be', account: { status: 'frozen' }, command: { mayBeFrozen: true }, code: 'ok' },
    { when: 'it is being closed', account: { status: 'closing' }, code: 'account-not-active' },
    { when: 'it is closed', account: { status: 'closed', postedMinor: 0n }, code: 'account-not-active' },
    { when: 'money is set aside', account: { heldMinor: 1n }, code: 'account-not-empty' },
    { when: 'it is overdrawn', account: { postedMinor: -1n, overdraftMinor: 9n }, code: 'account-overdrawn' },
    { when: 'a newer instruction is in force', account: { controlVersion: 4 }, code: 'account-not-active' },
    { when: 'it is unknown', command: { accountId: 'nobody' }, code: 'account-not-found' },
  ])('when $when: $code', ({ account, command, code }) => {
    const asked = { ...BEGIN, ...command } as Command;
    expect(outcomeOf({ accounts: [accountWith(account)] }, asked).code).toBe(code);
  });

  it('and from then on it takes nothing, but what is in force for it otherwise stays', () => {
    const { decision } = outcomeOf({ accounts: [accountWith()] }, BEGIN);
    expect(accountAfter(decision, 'a')).toEqual(accountWith({ status: 'closing', controlVersion: 4, version: 8 }));
  });
});

describe('a closing that is taken back', () => {
  it.each(['active', 'frozen'] as const)('leaves the account %s, as it was', (status) => {
    const { decision } = outcomeOf({ accounts: [closing()] }, { ...REOPEN, status });
    expect(accountAfter(decision, 'a')).toEqual(accountWith({ status, controlVersion: 5, version: 8 }));
  });

  it.each([
    ['was changed since', closing({ controlVersion: 5 })],
    ['is not being closed', accountWith({ status: 'frozen' })],
  ])('leaves alone what %s', (_, account) => {
    expect(outcomeOf({ accounts: [account] }, REOPEN).decision?.accounts).toEqual([]);
  });
});

describe('what an account holds that is being closed', () => {
  it('goes to the other one by one journal, without a fee', () => {
    const payer = closing({ transferFeeMinor: 25n });
    const { decision } = outcomeOf({ accounts: [payer, payeeWith()] }, SWEEP);
    expect(postingsOf(decision)).toEqual([['a -10000', 'b 10000']]);
    expect(accountAfter(decision, 'a')).toMatchObject({ postedMinor: 0n, spentTodayMinor: 10_000n, version: 8 });
    expect(accountAfter(decision, 'b')).toMatchObject({ postedMinor: 10_000n, version: 2 });
    expect(decision?.journals[0]).toMatchObject({ id: 's', kind: 'transfer', actor: 'tessa' });
  });

  it('is set aside when the other one is in other books', () => {
    const { decision } = outcomeOf({ accounts: [closing()] }, { ...SWEEP, payeeElsewhere: payeeWith() });
    expect(decision?.hold).toMatchObject({ id: 's', amountMinor: 10_000n, sagaId: 's', status: 'open' });
    expect(accountAfter(decision, 'a')).toMatchObject({ postedMinor: 10_000n, heldMinor: 10_000n, version: 8 });
    expect(decision?.journals).toEqual([]);
  });

  it('is nothing sometimes: then nothing happens, whatever the other one is like', () => {
    const accounts = [closing({ postedMinor: 0n }), payeeWith({ status: 'closed' })];
    expect(outcomeOf({ accounts }, SWEEP)).toEqual({
      code: 'ok',
      decision: { journals: [], accounts: [], hold: null },
    });
  });

  it.each<{ when: string; account?: Partial<Account>; payee?: Partial<Account>; more?: object; code: string }>([
    { when: 'it is not being closed', account: { status: 'active' }, code: 'account-not-active' },
    { when: 'money is set aside', account: { heldMinor: 1n }, code: 'account-not-empty' },
    { when: 'the other one is being closed', payee: { status: 'closing' }, code: 'account-not-active' },
    { when: 'the other one is closed', payee: { status: 'closed' }, code: 'account-not-active' },
    { when: 'the other one is frozen', payee: { status: 'frozen' }, code: 'ok' },
    { when: 'the other one is in dollars', payee: { currency: 'USD' }, code: 'currency-mismatch' },
    { when: 'the other one is full', payee: { postedMinor: BALANCE_MINOR_MAX }, code: 'balance-limit-exceeded' },
    { when: 'the other one is unknown', more: { creditAccountId: 'nobody' }, code: 'account-not-found' },
    { when: 'the other one is itself', more: { creditAccountId: 'a' }, code: 'same-account' },
    { when: 'it is more than others get a day', account: { dailyLimitMinor: 9_999n }, code: 'daily-limit-exceeded' },
    {
      when: 'it is more than that, and of the same owners',
      account: { dailyLimitMinor: 0n, owners: ['alice', 'joint'] },
      payee: { owners: ['alice'] },
      code: 'ok',
    },
  ])('moves or not, when $when: $code', ({ account, payee, more, code }) => {
    const command = { ...SWEEP, ...more };
    expect(outcomeOf({ accounts: [closing(account), payeeWith(payee)] }, command).code).toBe(code);
    const elsewhere = { ...command, payeeElsewhere: payeeWith(payee) };
    if (more === undefined) expect(outcomeOf({ accounts: [closing(account)] }, elsewhere).code).toBe(code);
  });

  it('is not set aside over what another transfer has set aside under the same id', () => {
    const state = { accounts: [closing()], holds: [holdWith({ id: 's', status: 'captured' })] };
    expect(outcomeOf(state, { ...SWEEP, payeeElsewhere: payeeWith() }).code).toBe('hold-not-open');
  });
});

describe('an account that is being closed is closed', () => {
  it.each<{ when: string; account?: Partial<Account>; code: string }>([
    { when: 'it is empty', code: 'ok' },
    { when: 'it is not being closed', account: { status: 'active' }, code: 'account-not-active' },
    { when: 'a newer instruction is in force', account: { controlVersion: 5 }, code: 'account-not-active' },
    { when: 'it holds money', account: { postedMinor: 1n }, code: 'account-not-empty' },
    { when: 'money is set aside', account: { heldMinor: 1n }, code: 'account-not-empty' },
  ])('when $when: $code', ({ account, code }) => {
    expect(outcomeOf({ accounts: [closing({ postedMinor: 0n, ...account })] }, CLOSE).code).toBe(code);
  });
});
