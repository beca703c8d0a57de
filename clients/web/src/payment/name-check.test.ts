import { describe, expect, it } from 'vitest';
import { checkOf, nameToCheck, nextBeforeReview, standingOf } from './name-check.ts';
import type { CheckedName } from './payment-draft.ts';
import { accountOf, IBANS, payeeOf } from './people.fixture.ts';
import type { Recipient } from './read-payment.ts';

const [MINE, BOB] = IBANS;
const own: Recipient = { kind: 'own', account: accountOf('savings', MINE) };
const stranger: Recipient = { kind: 'new', name: 'Bob', iban: BOB };
const kept = (nameCheck: CheckedName['result']): Recipient => ({
  kind: 'payee',
  payee: payeeOf('1', BOB, { name: 'Bob', nameCheck }),
});
const found = (result: CheckedName['result']): CheckedName => ({ name: 'Bob', iban: BOB, result });

describe('whose name is checked', () => {
  it('everybody\u2019s but one\u2019s own and that of a payee who matched', () => {
    expect(nameToCheck(own)).toBeUndefined();
    expect(nameToCheck(kept('match'))).toBeUndefined();
    for (const recipient of [stranger, kept('close-match'), kept('no-match'), kept('not-possible')]) {
      expect(nameToCheck(recipient)).toEqual({ name: 'Bob', iban: BOB });
    }
  });
});

describe('what comes before the review', () => {
  it.each([own, kept('match')])('nothing for $kind', (recipient) => {
    expect(nextBeforeReview({ checked: null, isSure: false }, recipient)).toBe('review');
  });

  it('a check, when there was none or it was of something else', () => {
    const others = [null, { ...found('match'), name: 'Rob' }, { ...found('match'), iban: MINE }];
    for (const checked of others) expect(nextBeforeReview({ checked, isSure: true }, stranger)).toBe('check');
  });

  it.each(['match', 'close-match', 'not-possible'] as const)('nothing more after %s was seen', (result) => {
    expect(nextBeforeReview({ checked: found(result), isSure: false }, stranger)).toBe('review');
  });

  it('an explicit yes after a name that is somebody else\u2019s', () => {
    expect(nextBeforeReview({ checked: found('no-match'), isSure: false }, kept('no-match'))).toBe('be-sure');
    expect(nextBeforeReview({ checked: found('no-match'), isSure: true }, kept('no-match'))).toBe('review');
  });
});

it('says at the review how sure the name is', () => {
  expect(standingOf({ checked: null }, own)).toBe('own');
  expect(standingOf({ checked: null }, kept('match'))).toBe('kept');
  expect(standingOf({ checked: found('no-match') }, stranger)).toBe('no-match');
  expect(standingOf({ checked: { ...found('match'), name: 'Rob' } }, stranger)).toBe('not-possible');
});

it('knows nothing about nobody', () => {
  expect(checkOf({ checked: found('match') }, undefined)).toBeUndefined();
});
