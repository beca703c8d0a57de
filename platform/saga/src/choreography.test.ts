import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  beginTracking,
  type Choreography,
  checkChoreography,
  isStuck,
  noteFact,
  type Reaction,
  reactionTo,
  type Tracking,
  waitsFor,
} from './choreography.ts';

const DEBIT: Reaction = { participant: 'payer', on: 'requested', does: 'debit', says: 'debited', orSays: 'refused' };
const CREDIT: Reaction = {
  participant: 'payee',
  on: 'debited',
  does: 'credit',
  says: 'credited',
  orSays: 'credit-refused',
};
const REFUND: Reaction = { participant: 'payer', on: 'credit-refused', does: 'refund', says: 'refunded', orSays: null };

const TRANSFER: Choreography = {
  type: 'transfer',
  begins: 'requested',
  reactions: [DEBIT, CREDIT, REFUND],
  ends: ['credited', 'refused', 'refunded'],
  deadlineMs: 5_000,
};

it('takes a choreography that always ends', () => {
  expect(checkChoreography(TRANSFER)).toEqual({ ok: true, value: TRANSFER });
});

it.each<[string, Partial<Choreography>, string]>([
  ['a fact that nobody hears', { reactions: [DEBIT, CREDIT] }, 'nobody hears credit-refused'],
  ['a beginning that nobody hears', { begins: 'asked' }, 'nobody has said requested before it is heard'],
  ['no reactions', { reactions: [], ends: [] }, 'nobody hears requested'],
  [
    'a fact that two hear',
    { reactions: [DEBIT, CREDIT, REFUND, { ...DEBIT, says: 'x', orSays: null }] },
    'requested is heard twice',
  ],
  ['a fact that two say', { reactions: [DEBIT, CREDIT, { ...REFUND, says: 'debited' }] }, 'debited is said twice'],
  ['a circle', { reactions: [DEBIT, CREDIT, { ...REFUND, says: 'requested' }] }, 'requested is said twice'],
  ['reactions out of order', { reactions: [CREDIT, DEBIT, REFUND] }, 'nobody has said debited before it is heard'],
  [
    'something after the end',
    { ends: ['debited', 'credited', 'refused', 'refunded'] },
    'debited is an end, and something follows it',
  ],
  ['an end that nobody says', { ends: [...TRANSFER.ends, 'completed'] }, 'nobody says completed'],
  ['no deadline', { deadlineMs: 0 }, 'the deadline is no time'],
  ['a deadline that never comes', { deadlineMs: Number.POSITIVE_INFINITY }, 'the deadline is no time'],
])('refuses %s', (_, more, detail) => {
  const checked = checkChoreography({ ...TRANSFER, ...more });
  expect(checked).toMatchObject({ ok: false, failure: { detail: expect.stringContaining(detail) } });
});

it('tells each participant what is its concern', () => {
  expect(reactionTo(TRANSFER, 'payer', 'requested')).toBe(DEBIT);
  expect(reactionTo(TRANSFER, 'payee', 'debited')).toBe(CREDIT);
  expect(reactionTo(TRANSFER, 'payee', 'requested')).toBeUndefined();
  expect(reactionTo(TRANSFER, 'payer', 'exploded')).toBeUndefined();
});

function tracked(...facts: string[]): Tracking {
  return facts.reduce((tracking, fact) => noteFact(TRANSFER, tracking, fact), beginTracking(TRANSFER, 't', 1_000));
}

it('E6: says who has not answered', () => {
  expect(waitsFor(TRANSFER, tracked('requested'))).toEqual([DEBIT]);
  expect(waitsFor(TRANSFER, tracked('requested', 'debited'))).toEqual([CREDIT]);
  expect(waitsFor(TRANSFER, tracked('debited', 'requested', 'credit-refused'))).toEqual([REFUND]);
  expect(waitsFor(TRANSFER, tracked('requested', 'refused'))).toEqual([]);
  // The end is known before what led to it.
  expect(waitsFor(TRANSFER, tracked('credited', 'requested'))).toEqual([]);
});

it('E6: raises what has not ended by its deadline, once', () => {
  const open = tracked('requested', 'debited');
  expect(isStuck(open, 5_999)).toBe(false);
  expect(isStuck(open, 6_000)).toBe(true);
  expect(isStuck({ ...open, isRaised: true }, 9_000)).toBe(false);
  expect(isStuck(noteFact(TRANSFER, open, 'credited'), 9_000)).toBe(false);
});

it('E2, E3: knows the same whatever comes how often in whatever order', () => {
  const facts = ['requested', 'debited', 'credit-refused', 'refunded'];
  const repeated = fc.tuple(fc.shuffledSubarray(facts, { minLength: 4 }), fc.array(fc.constantFrom(...facts)));
  fc.assert(
    fc.property(repeated, ([shuffled, more]) => {
      const tracking = tracked(...shuffled, ...more);
      expect({ ...tracking, facts: tracking.facts.toSorted() }).toEqual({
        ...tracked(...facts),
        facts: facts.toSorted(),
      });
    }),
  );
});
