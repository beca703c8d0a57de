import type { Op, Outcome } from './outcome.ts';

/**
 * What a participant remembers of a command it has dealt with, under (saga, branch, op): of a do that it was applied,
 * rejected or begun, of an undo that it was applied. What failed or could not be undone is tried afresh when it comes again.
 */
export interface BarrierRecord {
  /** Of the command's payload: the same command always has the same. */
  readonly fingerprint: string;
  readonly outcome: Outcome;
}

/** What a participant does with a command. */
export type BarrierDecision =
  /** It is new: do the work, and record its outcome in the same transaction. */
  | { readonly kind: 'work' }
  /** It was dealt with: answer the same again. */
  | { readonly kind: 'answer'; readonly outcome: Outcome }
  /**
   * An undo of something that did not happen: answer `applied` and record both; the record of the do is a tombstone that
   * blocks it should it still arrive.
   */
  | { readonly kind: 'empty' }
  /** Another payload under the same name: nothing is done, and somebody should look. */
  | { readonly kind: 'mismatch' };

/**
 * The answer to a `mismatch`. Not a rejection, which would say that the step did not happen: the other content under its
 * name may have been done, and would then be left undone.
 */
export const MISMATCH: Outcome = {
  kind: 'unknown',
  detail: 'idempotency mismatch: the step was taken before with other content',
};

/** The record that blocks a do that was undone before it came. Its fingerprint is nobody's. */
export const TOMBSTONE: BarrierRecord = { fingerprint: '', outcome: { kind: 'too_late' } };

/** What an undo that had nothing to undo, or has undone it, answers. */
export const UNDONE: Outcome = { kind: 'applied', output: {} };

/**
 * The barrier of a participant (the idea is dtm's sub-transaction barrier): duplicates get the first answer, an undo of
 * what never came does nothing and blocks it, a do that comes after its undo is `too_late`. A rejection is an answer like
 * any other, so a duplicate is still rejected when there would be money by now. `records` are those of this branch, read
 * under the lock that makes two commands of one branch come one after the other.
 */
export function decideBarrier(
  op: Op,
  fingerprint: string,
  records: { readonly do?: BarrierRecord; readonly undo?: BarrierRecord },
): BarrierDecision {
  if (op === 'do') {
    if (records.do === undefined) return { kind: 'work' };
    const { outcome } = records.do;
    if (outcome.kind === 'too_late') return { kind: 'answer', outcome };
    if (records.do.fingerprint !== fingerprint) return { kind: 'mismatch' };
    if (outcome.kind !== 'pending') return { kind: 'answer', outcome };
    // Begun and not done: asked again, the operation goes on where it stopped, unless it was called off meanwhile.
    return records.undo === undefined ? { kind: 'work' } : { kind: 'answer', outcome: TOMBSTONE.outcome };
  }
  if (records.undo !== undefined) {
    return records.undo.fingerprint === fingerprint
      ? { kind: 'answer', outcome: records.undo.outcome }
      : { kind: 'mismatch' };
  }
  if (records.do === undefined) return { kind: 'empty' };
  // What was rejected did not happen: there is nothing to undo, and the rejection already blocks it.
  // What has begun may have happened already, so it is undone like what is done.
  const { kind } = records.do.outcome;
  return kind === 'applied' || kind === 'pending' ? { kind: 'work' } : { kind: 'answer', outcome: UNDONE };
}

/**
 * A command of a saga that began too long ago for its records to be there still: it is never run. Whether it was done
 * before can not be known any more, so it is no rejection, which would say that it was not: people have to look.
 */
export const TOO_OLD: Outcome = { kind: 'unknown', detail: 'The saga began longer ago than participants remember.' };

/** Records are kept for eight days; sagas are served for seven, so that nothing is forgotten while it may come again. */
export const SAGA_AGE_MS_MAX = 7 * 24 * 3_600_000;
