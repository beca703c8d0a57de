import { invariant } from '@florin/primitives';
import { type Choreography, checkChoreography, isStuck, noteFact, reactionTo } from '@florin/saga';

/** What is under test, and what keeps it safe. The world runs `REAL`, the gate takes one safeguard away at a time. */
export interface Core {
  readonly reactionTo: typeof reactionTo;
  readonly noteFact: typeof noteFact;
  readonly isStuck: typeof isStuck;
  /** What was heard is remembered, and not done again. */
  readonly hasInbox: boolean;
  /** What is to be said is kept until everybody has heard it. */
  readonly hasOutbox: boolean;
  /** Hearing, doing and saying are one commit. */
  readonly isAtomic: boolean;
  /** It is acknowledged when it is committed and not before. */
  readonly acknowledgesLast: boolean;
  /** What can not be dealt with is put aside, where people find it. */
  readonly parks: boolean;
}

export const REAL: Core = {
  reactionTo,
  noteFact,
  isStuck,
  hasInbox: true,
  hasOutbox: true,
  isAtomic: true,
  acknowledgesLast: true,
  parks: true,
};

/** Every safeguard taken away, one at a time. The name says what is missing. */
export const MUTANTS: Readonly<Record<string, Core>> = {
  noInbox: { ...REAL, hasInbox: false },
  noTracker: { ...REAL, isStuck: () => false },
  noOutbox: { ...REAL, hasOutbox: false },
  noTransaction: { ...REAL, isAtomic: false },
  earlyAcknowledgement: { ...REAL, acknowledgesLast: false },
  noParking: { ...REAL, parks: false },
  /** Nobody gives the payer the money back when the payee can not have it. */
  noRefund: {
    ...REAL,
    reactionTo: (choreography, participant, fact) => {
      const reaction = reactionTo(choreography, participant, fact);
      return reaction?.does === 'refund' ? undefined : reaction;
    },
  },
  /** The tracker takes the fact it hears last for the newest. */
  lastFactCounts: {
    ...REAL,
    noteFact: (choreography, tracking, fact) => {
      return { ...noteFact(choreography, tracking, fact), end: choreography.ends.includes(fact) ? fact : null };
    },
  },
};

const checked = checkChoreography({
  type: 'transfer',
  begins: 'requested',
  reactions: [
    { participant: 'payer', on: 'requested', does: 'debit', says: 'debited', orSays: 'refused' },
    { participant: 'payee', on: 'debited', does: 'credit', says: 'credited', orSays: 'credit-refused' },
    { participant: 'payer', on: 'credited', does: 'complete', says: 'completed', orSays: null },
    { participant: 'payer', on: 'credit-refused', does: 'refund', says: 'refunded', orSays: null },
  ],
  ends: ['completed', 'refused', 'refunded'],
  deadlineMs: 8_000,
});
invariant(checked.ok, 'the simulation defines what can be run');

/** The bank's transfer from shard to shard, without anybody who conducts it. */
export const TRANSFER: Choreography = checked.value;
