import { newId } from '@florin/primitives';
import fc from 'fast-check';
import type { AccountStatus } from '../domain/account.ts';
import type { Command } from '../domain/command.ts';
import { systemAccountId } from '../domain/system-account.ts';
import { crossingOf, crossingReversalOf } from './random-crossings.ts';
import { pick, type Surroundings, type Wish } from './wishes.ts';

/** One request: a command or a batch of transfers, under a new key or one that was used before. */
export interface Request {
  readonly key: 'new' | 'same' | 'same with another body';
  /** How many requests back the key was used. */
  readonly back: number;
  readonly mode: 'single' | 'atomic' | 'independent';
  readonly wishes: readonly Wish[];
  /** The second transfer of the batch carries the key of the first. */
  readonly repeatsItemKey: boolean;
}

/** What is submitted at once, and what the clock does before. */
export interface Round {
  readonly daysPass: boolean;
  readonly requests: readonly Request[];
}

/** Five accounts: alice has two, bob two (one in dollars), and one that nobody opened yet. */
export const ACCOUNTS = 5;

const account = fc.nat({ max: ACCOUNTS - 1 });
const amount = fc.integer({ min: 1, max: 120 });
const currency = fc.oneof({ weight: 12, arbitrary: fc.constant('EUR') }, { weight: 1, arbitrary: fc.constant('USD') });
const actor = fc.oneof({ weight: 3, arbitrary: fc.constant('alice') }, { weight: 2, arbitrary: fc.constant('bob') });
const staff = fc.constantFrom('sam', 'tessa');

const transfer: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constant('transfer'),
  from: account,
  to: account,
  amount,
  actor,
  currency,
});
const status = fc.oneof(
  { weight: 5, arbitrary: fc.constant<AccountStatus>('active') },
  { weight: 2, arbitrary: fc.constantFrom<AccountStatus>('frozen', 'closing', 'closed') },
);
const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 10, arbitrary: transfer },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('deposit', 'withdrawal'), account, amount, currency }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('hold'),
      account,
      amount,
      expires: fc.constantFrom('never', 'now', 'later'),
      isSagas: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('capture'),
      hold: fc.nat({ max: 50 }),
      to: fc.nat({ max: ACCOUNTS }),
      amount: fc.option(amount),
      currency,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('send'), from: account, amount, actor }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('post-debit'), hold: fc.nat({ max: 50 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('receive'), to: account, amount, currency }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('void', 'expire'), hold: fc.nat({ max: 50 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('reversal', 'take-back'),
      journal: fc.nat({ max: 50 }),
      actor: staff,
      force: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('claim', 'unclaim'), journal: fc.nat({ max: 50 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('give-back'), to: account, amount }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('control'),
      account,
      step: fc.integer({ min: -1, max: 2 }),
      status,
      currency,
      overdraft: fc.constantFrom(0, 0, 50),
      limit: fc.constantFrom(80, 300, 5_000),
      fee: fc.constantFrom(0, 0, 3),
    }),
  },
);

const key = fc.oneof(
  { weight: 8, arbitrary: fc.constant('new' as const) },
  { weight: 2, arbitrary: fc.constant('same' as const) },
  { weight: 1, arbitrary: fc.constant('same with another body' as const) },
);

const request: fc.Arbitrary<Request> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      key,
      back: fc.nat({ max: 12 }),
      mode: fc.constant('single'),
      wishes: fc.tuple(wish),
      repeatsItemKey: fc.constant(false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      key,
      back: fc.nat({ max: 12 }),
      mode: fc.constantFrom('atomic', 'independent'),
      wishes: fc.array(transfer, { minLength: 1, maxLength: 4 }),
      repeatsItemKey: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
  },
);

/** A history of the bank: rounds of requests that are submitted together. */
export const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    daysPass: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.constant(true)),
    requests: fc.array(request, { minLength: 1, maxLength: 14 }),
  }),
  { minLength: 1, maxLength: 8 },
);

const LATER_MS = 12 * 3_600_000;

/** Turns a wish into a command; one that refers to nothing yet names an id that nobody has. */
export function commandOf(wish: Wish, around: Surroundings): Command {
  const accountId = (index: number): string => around.accountIds[index] ?? newId(0);
  switch (wish.kind) {
    case 'transfer':
      return {
        kind: 'transfer',
        id: newId(0),
        feeJournalId: newId(0),
        actor: wish.actor,
        debitAccountId: accountId(wish.from),
        creditAccountId: accountId(wish.to),
        amountMinor: BigInt(wish.amount),
        currency: wish.currency,
        reference: '',
      };
    case 'deposit':
    case 'withdrawal':
      return {
        kind: wish.kind,
        id: newId(0),
        actor: 'tessa',
        accountId: accountId(wish.account),
        amountMinor: BigInt(wish.amount),
        currency: wish.currency,
        reference: '',
      };
    case 'hold':
      return {
        kind: 'hold',
        id: newId(0),
        accountId: accountId(wish.account),
        amountMinor: BigInt(wish.amount),
        currency: 'EUR',
        reference: '',
        expiresAtMs: wish.expires === 'never' ? null : around.nowMs + (wish.expires === 'now' ? 0 : LATER_MS),
        sagaId: wish.isSagas ? newId(0) : null,
      };
    case 'send':
    case 'receive':
    case 'post-debit':
      return crossingOf(wish, around, accountId);
    case 'capture':
      return captureOf(wish, around);
    case 'void':
    case 'expire': {
      const hold = pick(around.holds, wish.hold);
      return { kind: wish.kind, holdId: hold?.id ?? newId(0), accountId: hold?.account ?? newId(0) };
    }
    case 'reversal': {
      const journal = pick(around.journals, wish.journal);
      return {
        kind: 'reversal',
        id: newId(0),
        actor: wish.actor,
        journalId: journal?.id ?? newId(0),
        accountIds: journal === undefined ? [] : [journal.from, journal.to].filter((id) => !id.startsWith('00000000')),
        reason: 'asked for',
        force: wish.force,
      };
    }
    case 'claim':
    case 'unclaim':
    case 'take-back':
    case 'give-back':
      return crossingReversalOf(wish, around);
    case 'control':
      return controlOf(wish, around, accountId(wish.account));
  }
}

function captureOf(wish: Extract<Wish, { kind: 'capture' }>, around: Surroundings): Command {
  const hold = pick(around.holds, wish.hold);
  const bankId = systemAccountId('settlement', 'EUR');
  return {
    kind: 'capture',
    journalId: newId(0),
    actor: 'service:payments',
    holdId: hold?.id ?? newId(0),
    accountId: hold?.account ?? newId(0),
    creditAccountId: wish.to === ACCOUNTS ? bankId : (around.accountIds[wish.to] ?? newId(0)),
    amountMinor: wish.amount === null ? null : BigInt(wish.amount),
    currency: wish.amount === null ? null : wish.currency,
  };
}

function controlOf(wish: Extract<Wish, { kind: 'control' }>, around: Surroundings, accountId: string): Command {
  const index = around.accountIds.indexOf(accountId);
  return {
    kind: 'control',
    accountId,
    controlVersion: Math.max(1, around.controlVersionOf(accountId) + wish.step),
    iban: `IBAN ${accountId}`,
    holderName: '',
    currency: wish.currency,
    status: wish.status,
    owners: [index < 2 ? 'alice' : 'bob'],
    overdraftMinor: BigInt(wish.overdraft),
    dailyLimitMinor: BigInt(wish.limit),
    transferFeeMinor: BigInt(wish.fee),
  };
}
