import { expect, it } from 'vitest';
import { sagas } from '../../../i18n/en/sagas.ts';
import { kindOf } from './entry-words.ts';

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
