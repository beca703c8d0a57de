import { describe, expect, it } from 'vitest';
import {
  accountAfter,
  accountWith,
  CONTEXT,
  holdWith,
  NOW_MS,
  outcomeOf,
  postingsOf,
  TODAY,
  YESTERDAY,
} from '../testing/ledger-states.ts';
import type { Account, AccountStatus } from './account.ts';
import type { HoldCommand, ReleaseCommand } from './command.ts';
import type { Hold } from './hold.ts';

function hold(more: Partial<HoldCommand> = {}): HoldCommand {
  return {
    kind: 'hold',
    id: 'h',
    accountId: 'a',
    amountMinor: 3_000n,
    currency: 'EUR',
    reference: 'hotel',
    expiresAtMs: null,
    sagaId: null,
    ...more,
  };
}

interface Row {
  readonly when: string;
  readonly account?: Partial<Account>;
  readonly command?: Partial<HoldCommand>;
  readonly code: string;
}

const ROWS: Row[] = [
  { when: 'there is enough', code: 'ok' },
  { when: 'the account is unknown', command: { accountId: 'nobody' }, code: 'account-not-found' },
  { when: 'the currency is another', command: { currency: 'USD' }, code: 'currency-mismatch' },
  { when: 'it takes the last cent', command: { amountMinor: 10_000n }, code: 'ok' },
  { when: 'it takes a cent too much', command: { amountMinor: 10_001n }, code: 'insufficient-funds' },
  { when: 'other holds leave just enough', account: { heldMinor: 7_000n }, code: 'ok' },
  { when: 'other holds leave a cent too little', account: { heldMinor: 7_001n }, code: 'insufficient-funds' },
  { when: 'only the overdraft covers it', account: { postedMinor: 0n, overdraftMinor: 3_000n }, code: 'ok' },
  { when: 'the daily limit is reached exactly', account: { dailyLimitMinor: 3_000n }, code: 'ok' },
  { when: 'the daily limit is passed', account: { dailyLimitMinor: 2_999n }, code: 'daily-limit-exceeded' },
  {
    when: 'the limit was used up on another day',
    account: { dailyLimitMinor: 3_000n, spentTodayMinor: 3_000n, day: YESTERDAY },
    code: 'ok',
  },
  { when: 'the account is frozen', account: { status: 'frozen' }, code: 'account-not-active' },
  { when: 'the account is closing', account: { status: 'closing' }, code: 'account-not-active' },
  { when: 'the account is closed', account: { status: 'closed' }, code: 'account-not-active' },
  { when: 'transfers cost a fee, which a hold does not', account: { transferFeeMinor: 9_000n }, code: 'ok' },
];

describe('a hold', () => {
  it.each(ROWS)('when $when: $code', ({ account, command, code }) => {
    expect(outcomeOf({ accounts: [accountWith(account)] }, hold(command)).code).toBe(code);
  });

  it('sets the money aside, counts towards the limit of its day and books nothing', () => {
    const before = accountWith({ heldMinor: 500n, day: YESTERDAY, spentTodayMinor: 99n });
    const { decision } = outcomeOf({ accounts: [before] }, hold({ expiresAtMs: NOW_MS + 1, sagaId: 's' }));
    expect(decision?.journals).toEqual([]);
    const after = { ...before, heldMinor: 3_500n, version: 8, day: TODAY, spentTodayMinor: 3_000n };
    expect(accountAfter(decision, 'a')).toEqual(after);
    expect(decision?.hold).toEqual(holdWith({ expiresAtMs: NOW_MS + 1, sagaId: 's' }));
  });
});

function release(kind: ReleaseCommand['kind'], more: Partial<ReleaseCommand> = {}): ReleaseCommand {
  return { kind, holdId: 'h', accountId: 'a', ...more };
}

interface ReleaseRow {
  readonly kind: ReleaseCommand['kind'];
  readonly when: string;
  readonly hold?: Partial<Hold>;
  readonly command?: Partial<ReleaseCommand>;
  readonly code: string;
}

const RELEASES: ReleaseRow[] = [
  { kind: 'void', when: 'it is open', code: 'ok' },
  { kind: 'void', when: 'it is unknown', command: { holdId: 'nothing' }, code: 'hold-not-found' },
  { kind: 'void', when: 'its account is unknown', command: { accountId: 'nobody' }, code: 'hold-not-found' },
  { kind: 'void', when: 'it is on another account', hold: { accountId: 'b' }, code: 'hold-not-found' },
  { kind: 'void', when: 'it was captured', hold: { status: 'captured' }, code: 'hold-not-open' },
  { kind: 'void', when: 'it was voided', hold: { status: 'voided' }, code: 'hold-not-open' },
  { kind: 'void', when: 'it expired', hold: { status: 'expired' }, code: 'hold-not-open' },
  { kind: 'void', when: 'its time is not up', hold: { expiresAtMs: NOW_MS + 1 }, code: 'ok' },
  { kind: 'void', when: 'a saga owns it', hold: { sagaId: 's' }, code: 'ok' },
  { kind: 'expire', when: 'its time is up this very moment', hold: { expiresAtMs: NOW_MS }, code: 'ok' },
  { kind: 'expire', when: 'a millisecond is left', hold: { expiresAtMs: NOW_MS + 1 }, code: 'hold-not-open' },
  { kind: 'expire', when: 'it never expires', code: 'hold-not-open' },
  { kind: 'expire', when: 'a saga owns it', hold: { expiresAtMs: NOW_MS, sagaId: 's' }, code: 'hold-not-open' },
  {
    kind: 'expire',
    when: 'it was captured',
    hold: { expiresAtMs: NOW_MS, status: 'captured' },
    code: 'hold-not-open',
  },
];

describe('the release of a hold', () => {
  const before = accountWith({ heldMinor: 3_000n, spentTodayMinor: 5_000n });

  it.each(RELEASES)('$kind when $when: $code', ({ kind, hold: more, command, code }) => {
    expect(outcomeOf({ accounts: [before], holds: [holdWith(more)] }, release(kind, command)).code).toBe(code);
  });

  it.each<[AccountStatus]>([['active'], ['frozen'], ['closing']])('is possible on an account that is %s', (status) => {
    const accounts = [accountWith({ status, heldMinor: 3_000n, spentTodayMinor: 3_000n })];
    expect(outcomeOf({ accounts, holds: [holdWith()] }, release('void')).code).toBe('ok');
  });

  it('gives the money and what it used of the limit back, on the same day', () => {
    const { decision } = outcomeOf({ accounts: [before], holds: [holdWith()] }, release('void'));
    expect(accountAfter(decision, 'a')).toEqual({ ...before, heldMinor: 0n, spentTodayMinor: 2_000n, version: 8 });
    expect(decision).toMatchObject({ journals: [], hold: { status: 'voided', capturedMinor: 0n } });
  });

  it('gives nothing of the limit back once the account counts another day', () => {
    const holds = [holdWith({ day: YESTERDAY, expiresAtMs: NOW_MS })];
    const { decision } = outcomeOf({ accounts: [before], holds }, release('expire'));
    expect(accountAfter(decision, 'a')).toEqual({ ...before, heldMinor: 0n, version: 8 });
    expect(decision?.hold).toMatchObject({ status: 'expired' });
  });

  it('leaves the next day at nothing spent when the account still counts the day of the hold', () => {
    const accounts = [accountWith({ heldMinor: 3_000n, spentTodayMinor: 3_000n, day: YESTERDAY })];
    const holds = [holdWith({ day: YESTERDAY })];
    const { decision } = outcomeOf({ accounts, holds }, release('void'), CONTEXT);
    expect(accountAfter(decision, 'a')).toMatchObject({ day: YESTERDAY, spentTodayMinor: 0n });
    expect(postingsOf(decision)).toEqual([]);
  });
});
