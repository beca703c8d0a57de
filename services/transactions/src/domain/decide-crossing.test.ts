import { describe, expect, it } from 'vitest';
import { accountAfter, accountWith, holdWith, outcomeOf, payeeWith, postingsOf } from '../testing/ledger-states.ts';
import type { Account } from './account.ts';
import type { PostDebitCommand, ReceiveCommand, SendCommand } from './command.ts';
import type { Hold } from './hold.ts';
import { BALANCE_MINOR_MAX } from './rules.ts';
import { systemAccountId } from './system-account.ts';

const CLEARING = systemAccountId('clearing', 'EUR');
const SUSPENSE = systemAccountId('suspense', 'EUR');
const INCOME = systemAccountId('fee-income', 'EUR');

const FACTS = {
  id: 't',
  actor: 'alice',
  debitAccountId: 'a',
  creditAccountId: 'b',
  amountMinor: 4_000n,
  currency: 'EUR',
  reference: 'rent',
};
const BOB = { accountId: 'b', iban: 'NL00FLRN1280000001', name: 'Bob' };
const ALICE = { accountId: 'a', iban: 'NL00FLRN0000000001', name: 'Alice' };

function send(more: Partial<SendCommand> = {}): SendCommand {
  return { kind: 'send', ...FACTS, ...more };
}

function postDebit(more: Partial<PostDebitCommand> = {}): PostDebitCommand {
  return { kind: 'post-debit', ...FACTS, feeJournalId: 'f', otherParty: BOB, ...more };
}

function receive(more: Partial<ReceiveCommand> = {}): ReceiveCommand {
  return { kind: 'receive', ...FACTS, otherParty: ALICE, ...more };
}

function setAside(more: Partial<Hold> = {}): Hold {
  return holdWith({ id: 't', amountMinor: 4_000n, reference: 'rent', sagaId: 't', ...more });
}

describe('a transfer to another shard is set aside', () => {
  it.each<{ when: string; account?: Partial<Account>; command?: Partial<SendCommand>; code: string }>([
    { when: 'there is enough', code: 'ok' },
    { when: 'the account is somebody else’s', command: { actor: 'bob' }, code: 'account-not-found' },
    { when: 'the account is unknown', command: { debitAccountId: 'nobody' }, code: 'account-not-found' },
    { when: 'the account is frozen', account: { status: 'frozen' }, code: 'account-not-active' },
    { when: 'the currency is another', command: { currency: 'USD' }, code: 'currency-mismatch' },
    { when: 'amount and fee take the last cent', account: { transferFeeMinor: 6_000n }, code: 'ok' },
    { when: 'the fee is a cent too much', account: { transferFeeMinor: 6_001n }, code: 'insufficient-funds' },
    { when: 'the daily limit is passed', account: { dailyLimitMinor: 3_999n }, code: 'daily-limit-exceeded' },
  ])('when $when: $code', ({ account, command, code }) => {
    expect(outcomeOf({ accounts: [accountWith(account)] }, send(command)).code).toBe(code);
  });

  it('holds amount and fee under the id of the transfer, which only its saga ends', () => {
    const { decision } = outcomeOf({ accounts: [accountWith({ transferFeeMinor: 25n })] }, send());
    expect(decision?.hold).toEqual(setAside({ amountMinor: 4_025n }));
    expect(accountAfter(decision, 'a')).toMatchObject({ postedMinor: 10_000n, heldMinor: 4_025n, version: 8 });
  });
});

describe('its debit is posted', () => {
  it('against clearing, with the fee as a journal of its own, and only the amount counts against the day', () => {
    const account = accountWith({ heldMinor: 4_025n, spentTodayMinor: 4_025n });
    const { decision } = outcomeOf({ accounts: [account], holds: [setAside({ amountMinor: 4_025n })] }, postDebit());
    expect(postingsOf(decision)).toEqual([
      ['a -4000', `${CLEARING} 4000`],
      ['a -25', `${INCOME} 25`],
    ]);
    expect(decision?.journals.map(({ id, parentId, otherParty }) => [id, parentId, otherParty])).toEqual([
      ['t', null, BOB],
      ['f', 't', null],
    ]);
    const after = { postedMinor: 5_975n, heldMinor: 0n, spentTodayMinor: 4_000n, version: 8 };
    expect(accountAfter(decision, 'a')).toMatchObject(after);
    expect(decision?.hold).toMatchObject({ status: 'captured', capturedMinor: 4_025n });
  });

  it.each(['frozen', 'closing'] as const)('although the account is %s by now', (status) => {
    const account = accountWith({ status, heldMinor: 4_000n, spentTodayMinor: 4_000n });
    expect(outcomeOf({ accounts: [account], holds: [setAside()] }, postDebit()).code).toBe('ok');
  });

  it.each<{ when: string; hold?: Partial<Hold>; command?: Partial<PostDebitCommand>; code: string }>([
    { when: 'nothing was set aside', command: { id: 'other' }, code: 'hold-not-found' },
    { when: 'the hold is another account’s', hold: { accountId: 'b' }, code: 'hold-not-found' },
    { when: 'it was called off', hold: { status: 'voided' }, code: 'hold-not-open' },
    { when: 'it is posted already', hold: { status: 'captured' }, code: 'hold-not-open' },
  ])('but not when $when: $code', ({ hold, command, code }) => {
    const account = accountWith({ heldMinor: 4_000n });
    expect(outcomeOf({ accounts: [account], holds: [setAside(hold)] }, postDebit(command)).code).toBe(code);
  });

  it('and never for more than was set aside', () => {
    const account = accountWith({ heldMinor: 4_000n });
    const state = { accounts: [account], holds: [setAside()] };
    expect(() => outcomeOf(state, postDebit({ amountMinor: 4_001n }))).toThrow('larger than what was set aside');
  });
});

describe('it arrives', () => {
  it.each(['active', 'frozen'] as const)('at an account that is %s', (status) => {
    const { decision } = outcomeOf({ accounts: [payeeWith({ status })] }, receive());
    expect(postingsOf(decision)).toEqual([[`${CLEARING} -4000`, 'b 4000']]);
    expect(accountAfter(decision, 'b')).toMatchObject({ postedMinor: 4_000n, version: 2 });
    expect(decision?.journals[0]).toMatchObject({
      id: 't',
      debitAccountId: 'a',
      creditAccountId: 'b',
      otherParty: ALICE,
    });
  });

  it.each<{ when: string; account: Partial<Account> }>([
    { when: 'is closed', account: { status: 'closed' } },
    { when: 'is closing', account: { status: 'closing' } },
    { when: 'is kept in another currency', account: { currency: 'USD' } },
    { when: 'can not hold more', account: { postedMinor: BALANCE_MINOR_MAX } },
    { when: 'does not exist', account: { id: 'c' } },
  ])('in suspense when the account $when', ({ account }) => {
    const { decision } = outcomeOf({ accounts: [payeeWith(account)] }, receive());
    expect(postingsOf(decision)).toEqual([[`${CLEARING} -4000`, `${SUSPENSE} 4000`]]);
    expect(decision?.journals[0]).toMatchObject({ creditAccountId: SUSPENSE, otherParty: ALICE });
    expect(decision?.accounts).toEqual([]);
  });
});
