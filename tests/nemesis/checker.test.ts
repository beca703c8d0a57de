import { describe, expect, it } from 'vitest';
import { checkHistory, type FinalBooks } from './checker.ts';
import type { HistoryEvent, WantedTransfer } from './history.ts';

const TRANSFER: WantedTransfer = {
  op: 'nemesis 1',
  fromAccountId: 'a',
  toAccountId: 'b',
  minor: 30,
  currency: 'EUR',
  coordination: 'saga',
};
const account = (id: string, openingMinor: number): HistoryEvent => ({
  ...{ atMs: 0, type: 'account' },
  account: { id, owner: id, currency: 'EUR', openingMinor },
});
const INVOKED: HistoryEvent = { atMs: 1, type: 'invoke', f: 'transfer', client: 0, transfer: TRANSFER };
const DONE: HistoryEvent = {
  ...{ atMs: 2, type: 'ok', f: 'transfer', client: 0, op: TRANSFER.op, transferId: 't1' },
  ...{ isPending: false, attempts: 1, version: 7 },
};
const OPENED = [account('a', 100), account('b', 50)];
/** What is asked for and acknowledged. */
const EVENTS = [...OPENED, INVOKED, DONE];

const balance = (id: string, postedMinor: number, shard = 0) => ({
  ...{ id, shard, currency: 'EUR', postedMinor, heldMinor: 0, overdraftMinor: 0 },
});
const journal = (changed: Partial<FinalBooks['journals'][number]> = {}) => ({
  ...{
    shard: 0,
    id: 't1',
    reference: TRANSFER.op,
    debitAccountId: 'a',
    creditAccountId: 'b',
    minor: 30,
    currency: 'EUR',
  },
  ...changed,
});
/** Books in which it is. */
const BOOKS: FinalBooks = { journals: [journal()], accounts: [balance('a', 70), balance('b', 80)] };
/** The same between two shards, with a half in each. */
const CROSSED: FinalBooks = {
  journals: [journal(), journal({ shard: 1 })],
  accounts: [balance('a', 70), balance('b', 80, 1)],
};
const UNDONE = { journals: [], accounts: [balance('a', 100), balance('b', 50)] };
const read = (client: number, version: number, availableMinor = 70): HistoryEvent[] => [
  { atMs: 3, type: 'invoke', f: 'read', client, accountId: 'a' },
  { atMs: 4, type: 'ok', f: 'read', client, accountId: 'a', version, availableMinor },
];
const found = (events: readonly HistoryEvent[], books: FinalBooks = BOOKS) =>
  checkHistory(events, books).map(({ invariant }) => invariant);

describe('nothing is wrong with', () => {
  const INFO: HistoryEvent = { atMs: 2, type: 'info', f: 'transfer', client: 0, op: TRANSFER.op, attempts: 9 };
  const FAIL: HistoryEvent = {
    atMs: 2,
    type: 'fail',
    f: 'transfer',
    client: 0,
    op: TRANSFER.op,
    code: 'insufficient-funds',
  };
  it.each<readonly [string, readonly HistoryEvent[], FinalBooks]>([
    ['a transfer that is acknowledged and there', EVENTS, BOOKS],
    ['one between two shards with a half in each', EVENTS, CROSSED],
    ['one that nobody knows of and is there', [...OPENED, INVOKED, INFO], BOOKS],
    ['one that nobody knows of and is not there', [...OPENED, INVOKED, INFO], UNDONE],
    ['one that was refused and is not there', [...OPENED, INVOKED, FAIL], UNDONE],
    ['a read of what was told, or of later', [...EVENTS, ...read(0, 7), ...read(0, 9)], BOOKS],
    ['a read of somebody else before they can know', [...EVENTS, ...read(1, 6)], BOOKS],
  ])('%s', (_, events, books) => expect(checkHistory(events, books)).toEqual([]));
});

describe('it finds', () => {
  it('a lost transfer', () => expect(found(EVENTS, UNDONE)).toEqual(['lost']));

  it('a doubled one, in the books or by its answers', () => {
    const twice = {
      journals: [journal(), journal({ id: 't2' })],
      accounts: [balance('a', 40), balance('b', 110)],
    };
    expect(found(EVENTS, twice)).toEqual(['doubled']);
    expect(found([...EVENTS, { ...DONE, transferId: 't2' } as HistoryEvent])).toEqual(['lost', 'doubled']);
  });

  it('one that was refused and done', () => {
    const refused: HistoryEvent = { atMs: 2, type: 'fail', f: 'transfer', client: 0, op: TRANSFER.op, code: 'no' };
    expect(found([...OPENED, INVOKED, refused])).toEqual(['refused and done']);
  });

  it('one that nobody asked for', () => expect(found(OPENED)).toEqual(['unasked']));

  it('one with another amount or payee', () => {
    expect(found(EVENTS, { ...BOOKS, journals: [journal({ minor: 31 })] })).toContain('altered');
    expect(found(EVENTS, { ...BOOKS, journals: [journal({ creditAccountId: 'c' })] })).toContain('altered');
  });

  it('half of one, on either side', () => {
    for (const journals of CROSSED.journals.map((one) => [one])) {
      expect(found(EVENTS, { ...CROSSED, journals })).toContain('half');
    }
  });

  it('money that was made', () => {
    const more = { ...BOOKS, accounts: [balance('a', 70), balance('b', 81)] };
    expect(found(EVENTS, more)).toEqual(['total changed', 'wrong balance']);
  });

  it('a balance that is not what its transfers make, though the total is right', () => {
    const moved = { ...BOOKS, accounts: [balance('a', 71), balance('b', 79)] };
    expect(found(EVENTS, moved)).toEqual(['wrong balance', 'wrong balance']);
  });

  it('what is still held, and what is below zero', () => {
    const held = { ...BOOKS, accounts: [{ ...balance('a', 70), heldMinor: 71 }, balance('b', 80)] };
    expect(found(EVENTS, held)).toEqual(['wrong balance', 'negative']);
    expect(found([...EVENTS, ...read(0, 7, -1)])).toEqual(['negative']);
  });

  it('a client who does not see what they were told', () => {
    expect(found([...EVENTS, ...read(0, 6)])).toEqual(['stale read']);
  });

  it('an answer that must not be', () => {
    expect(found([...EVENTS, { atMs: 5, type: 'odd', client: 0, what: '500' }])).toEqual(['odd answer']);
  });
});
