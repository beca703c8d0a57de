import { describe, expect, it } from 'vitest';
import { type AccountNews, type AccountStatus, decideNotices, type Known, type News } from './news.ts';

const NOTHING: Known = { accounts: new Map(), holders: new Set() };

const knowing = (accounts: Readonly<Record<string, { status?: AccountStatus; owners: string[] }>>): Known => ({
  accounts: new Map(
    Object.entries(accounts).map(([id, { status = 'active', owners }]) => [id, { status, owners }] as const),
  ),
  holders: new Set(Object.values(accounts).flatMap(({ owners }) => owners)),
});

const account = (status: AccountStatus, more: Partial<AccountNews> = {}): News => ({
  kind: 'account-status',
  cause: { eventId: 'a:1', correlationId: undefined },
  accountId: 'a',
  status,
  owners: ['ann'],
  isRestated: false,
  ...more,
});

const transfer = (from: string, to: string): News => ({
  kind: 'transfer',
  cause: { eventId: 't', correlationId: undefined },
  transferId: 't',
  fromAccountId: from,
  toAccountId: to,
  amountMinor: 1_250n,
  currency: 'EUR',
  reference: 'Lunch',
});

const told = (known: Known, ...news: News[]) =>
  decideNotices(known, news).drafts.map(({ owner, kind }) => `${owner} ${kind}`);

const RESTATED = { isRestated: true };
const OF_SIGN_UP = { cause: { eventId: 'a:1', correlationId: 'ann' } };

describe('a welcome', () => {
  it('is for the first account of somebody, and for no other', () => {
    expect(told(NOTHING, account('active'))).toEqual(['ann welcome']);
    expect(told(NOTHING, account('active'), account('active', { accountId: 'b' }))).toEqual(['ann welcome']);
    expect(told(knowing({ b: { owners: ['ann'] } }), account('active'))).toEqual([]);
    expect(told(NOTHING, account('active', { owners: ['ann', 'ben'] }))).toEqual(['ann welcome', 'ben welcome']);
  });

  it('is not for what is said again of old accounts, unless a sign-up asks for it', () => {
    expect(told(NOTHING, account('active', RESTATED))).toEqual([]);
    expect(told(NOTHING, account('active', { ...RESTATED, ...OF_SIGN_UP }))).toEqual(['ann welcome']);
    expect(told(knowing({ a: { owners: ['ann'] } }), account('active', { ...RESTATED, ...OF_SIGN_UP }))).toEqual([
      'ann welcome',
    ]);
    expect(told(NOTHING, account('closed', { ...RESTATED, ...OF_SIGN_UP }))).toEqual([]);
  });
});

describe('a change of an account', () => {
  const mine = (status: AccountStatus) => knowing({ a: { status, owners: ['ann'] } });

  it.each([
    ['active', 'frozen', ['ann account-frozen']],
    ['frozen', 'active', ['ann account-unfrozen']],
    ['active', 'closed', ['ann account-closed']],
    ['frozen', 'closed', ['ann account-closed']],
    ['closing', 'closed', ['ann account-closed']],
    ['active', 'closing', []],
    ['active', 'active', []],
  ] as const)('from %s to %s', (before, now, expected) => {
    expect(told(mine(before), account(now))).toEqual(expected);
    expect(told(mine(before), account(now, RESTATED))).toEqual([]);
  });

  it('is seen within one chunk, and remembered', () => {
    const news = [account('active'), account('frozen'), account('active')];
    expect(told(NOTHING, ...news)).toEqual(['ann welcome', 'ann account-frozen', 'ann account-unfrozen']);
    expect(decideNotices(NOTHING, news).accounts).toEqual(new Map([['a', { status: 'active', owners: ['ann'] }]]));
  });
});

describe('money', () => {
  const known = knowing({ a: { owners: ['ann'] }, b: { owners: ['ben'] }, joint: { owners: ['ann', 'ben'] } });

  it('is told to those who have it now and had it not before', () => {
    expect(told(known, transfer('a', 'b'))).toEqual(['ben money-received']);
    expect(told(known, transfer('a', 'joint'))).toEqual(['ben money-received']);
    expect(told(known, transfer('joint', 'a'))).toEqual([]);
    expect(told(known, transfer('unknown', 'b'))).toEqual(['ben money-received']);
    expect(decideNotices(known, [transfer('a', 'b')]).drafts[0]?.parameters).toEqual({
      accountId: 'b',
      transferId: 't',
      amountMinor: '1250',
      currency: 'EUR',
      reference: 'Lunch',
    });
  });

  it('waits for somebody to say whose the account is', () => {
    const early = decideNotices(NOTHING, [transfer('b', 'a'), account('active')]);
    expect([early.waiting.length, early.drafts.map(({ kind }) => kind)]).toEqual([1, ['welcome']]);
    expect(told(NOTHING, account('active'), transfer('b', 'a'))).toEqual(['ann welcome', 'ann money-received']);
  });
});
