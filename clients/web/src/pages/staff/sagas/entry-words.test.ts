import { expect, it } from 'vitest';
import { sagas } from '../../../i18n/en/sagas.ts';
import { kindOf, saidOf } from './entry-words.ts';

/** Everything the two kinds of sagas say of themselves. */
const SAID = [
  ...['begun', 'heard', 'completed', 'stuck', 'rejected', 'retried', 'resolved', 'not-needed', 'started'],
  ...['paused', 'advanced', 'turned-back', 'stepped-back', 'left-undone', 'attention', 'compensated'],
].map((kind) => ({ kind }));
const ANSWERED = ['applied', 'rejected', 'pending', 'too_late', 'cannot_compensate', 'unknown'].flatMap((outcome) =>
  ['do', 'undo'].map((op) => ({ kind: 'answered', outcome, op })),
);
const SENT = ['do', 'undo'].map((op) => ({ kind: 'sent', op }));
const ASKED = ['retry', 'resolve'].map((op) => ({ kind: 'asked', op }));

it.each([...SAID, ...ANSWERED, ...SENT, ...ASKED])('there are words for %j', (entry) => {
  expect(Object.keys(sagas.event)).toContain(kindOf(entry).text);
});

it('a no of a second person is not a no of a participant', () => {
  expect(kindOf({ kind: 'rejected', op: 'retry' })).toEqual({ text: 'decidedNo', tone: 'person' });
  expect(kindOf({ kind: 'answered', op: 'do', outcome: 'rejected' })).toEqual({ text: 'rejected', tone: 'bad' });
});

it('doing and taking back are told apart', () => {
  const texts = ['do', 'undo'].map((op) => kindOf({ kind: 'answered', op, outcome: 'applied' }).text);
  expect(texts).toEqual(['appliedDo', 'appliedUndo']);
});

it.each([{ kind: 'something-new' }, { kind: 'answered', outcome: 'perhaps' }, { kind: 'toString' }])(
  'there are none for %j, and it is shown all the same',
  (entry) => {
    expect(kindOf(entry)).toEqual({ text: undefined, tone: 'idle' });
  },
);

it.each([
  [
    { kind: 'heard', detail: 'topic.v1 7' },
    { sentences: [], forLookUp: 'topic.v1 7' },
  ],
  [
    { kind: 'answered', reason: 'account-closed', detail: 'It is closed.' },
    { sentences: ['It is closed.'], forLookUp: 'account-closed' },
  ],
  [{ kind: 'answered' }, { sentences: [], forLookUp: undefined }],
  [
    { kind: 'retried', reason: 'Why', detail: 'approved' },
    { sentences: ['Why', 'approved'], forLookUp: undefined },
  ],
  [
    { kind: 'attention', reason: 'Same', detail: 'Same' },
    { sentences: ['Same'], forLookUp: undefined },
  ],
])('of %j people are told the sentences, and codes are for looking up', (entry, said) => {
  expect(saidOf(entry)).toEqual(said);
});
