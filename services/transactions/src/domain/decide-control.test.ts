import { describe, expect, it } from 'vitest';
import { accountAfter, accountWith, outcomeOf, TODAY, YESTERDAY } from '../testing/ledger-states.ts';
import type { Account } from './account.ts';
import type { ControlCommand } from './command.ts';

function control(more: Partial<ControlCommand> = {}): ControlCommand {
  return {
    kind: 'control',
    accountId: 'a',
    controlVersion: 4,
    iban: 'NL00FLRN0000000009',
    holderName: 'Alice B.',
    currency: 'EUR',
    status: 'active',
    owners: ['alice', 'carol'],
    overdraftMinor: 500n,
    dailyLimitMinor: 2_000n,
    transferFeeMinor: 10n,
    ...more,
  };
}

interface Row {
  readonly when: string;
  readonly account?: Partial<Account>;
  readonly command?: Partial<ControlCommand>;
  readonly code: string;
}

const EMPTY = { postedMinor: 0n };

const ROWS: Row[] = [
  { when: 'the version is newer', code: 'ok' },
  { when: 'versions in between were never seen', command: { controlVersion: 9 }, code: 'ok' },
  { when: 'it freezes an account with money', command: { status: 'frozen' }, code: 'ok' },
  { when: 'it starts to close one with money', command: { status: 'closing' }, code: 'ok' },
  { when: 'it thaws one', account: { status: 'frozen' }, code: 'ok' },
  { when: 'it stops a closing', account: { status: 'closing' }, code: 'ok' },
  { when: 'it closes an empty one', account: EMPTY, command: { status: 'closed' }, code: 'ok' },
  {
    when: 'it closes an empty one that is frozen',
    account: { ...EMPTY, status: 'frozen' },
    command: { status: 'closed' },
    code: 'ok',
  },
  { when: 'a cent is left', account: { postedMinor: 1n }, command: { status: 'closed' }, code: 'account-not-empty' },
  { when: 'a cent is owed', account: { postedMinor: -1n }, command: { status: 'closed' }, code: 'account-not-empty' },
  {
    when: 'a hold is open',
    account: { ...EMPTY, heldMinor: 1n, overdraftMinor: 1n },
    command: { status: 'closed' },
    code: 'account-not-empty',
  },
  { when: 'a closed one should live again', account: { ...EMPTY, status: 'closed' }, code: 'account-not-active' },
  {
    when: 'a closed one should close again',
    account: { ...EMPTY, status: 'closed' },
    command: { status: 'closed' },
    code: 'account-not-active',
  },
  { when: 'the currency should change', command: { currency: 'USD' }, code: 'currency-mismatch' },
  {
    when: 'the currency of an empty one should change',
    account: EMPTY,
    command: { currency: 'USD' },
    code: 'currency-mismatch',
  },
  { when: 'the overdraft falls below what is used', account: { postedMinor: -900n }, code: 'ok' },
  {
    when: 'the limit falls below what was sent',
    account: { spentTodayMinor: 9_000n },
    command: { dailyLimitMinor: 0n },
    code: 'ok',
  },
];

describe('what the accounts service puts in force', () => {
  it.each(ROWS)('when $when: $code', ({ account, command, code }) => {
    expect(outcomeOf({ accounts: [accountWith(account)] }, control(command)).code).toBe(code);
  });

  it.each([
    ['equal', {}],
    ['old', { controlVersion: 1 }],
    ['old, and would be refused', { currency: 'USD', status: 'closed' as const }],
  ])('changes nothing when its version is %s', (_, more) => {
    const { code, decision } = outcomeOf({ accounts: [accountWith()] }, control({ controlVersion: 3, ...more }));
    expect([code, decision]).toEqual(['ok', { journals: [], accounts: [], hold: null }]);
  });

  it('changes nothing on a closed account either when it is late', () => {
    const accounts = [accountWith({ postedMinor: 0n, status: 'closed' })];
    expect(outcomeOf({ accounts }, control({ controlVersion: 3 })).decision?.accounts).toEqual([]);
  });

  it('opens an account that is not there, empty and at version 1', () => {
    const { decision } = outcomeOf({}, control({ controlVersion: 2 }));
    expect(accountAfter(decision, 'a')).toEqual({
      id: 'a',
      iban: 'NL00FLRN0000000009',
      holderName: 'Alice B.',
      currency: 'EUR',
      status: 'active',
      owners: ['alice', 'carol'],
      postedMinor: 0n,
      heldMinor: 0n,
      overdraftMinor: 500n,
      version: 1,
      controlVersion: 2,
      dailyLimitMinor: 2_000n,
      day: TODAY,
      spentTodayMinor: 0n,
      transferFeeMinor: 10n,
    });
  });

  it('replaces what is in force and touches neither the money nor what was sent today', () => {
    const before = accountWith({ heldMinor: 30n, day: YESTERDAY, spentTodayMinor: 40n });
    const { decision } = outcomeOf({ accounts: [before] }, control({ status: 'frozen' }));
    expect(decision).toMatchObject({ journals: [], hold: null });
    expect(accountAfter(decision, 'a')).toEqual({
      ...before,
      iban: 'NL00FLRN0000000009',
      holderName: 'Alice B.',
      status: 'frozen',
      owners: ['alice', 'carol'],
      overdraftMinor: 500n,
      dailyLimitMinor: 2_000n,
      transferFeeMinor: 10n,
      controlVersion: 4,
      version: 8,
    });
  });
});
