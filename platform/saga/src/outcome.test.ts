import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readOutcome, readReply } from './outcome.ts';
import { SAGA_ID } from './saga.fixture.ts';

it.each([
  [
    { kind: 'applied', output: { journalId: 'j' } },
    { kind: 'applied', output: { journalId: 'j' } },
  ],
  [
    { kind: 'rejected', code: 'no', detail: 'No.' },
    { kind: 'rejected', code: 'no', detail: 'No.' },
  ],
  [
    { kind: 'rejected', code: 'no' },
    { kind: 'rejected', code: 'no', detail: '' },
  ],
  [{ kind: 'pending', more: 1 }, { kind: 'pending' }],
  [{ kind: 'too_late' }, { kind: 'too_late' }],
  [
    { kind: 'cannot_compensate', detail: 'Spent.' },
    { kind: 'cannot_compensate', detail: 'Spent.' },
  ],
  [{ kind: 'cannot_compensate' }, { kind: 'cannot_compensate', detail: '' }],
])('reads %j', (wire, outcome) => {
  expect(readOutcome(wire)).toEqual(outcome);
});

it.each([
  ['nothing', undefined],
  ['null', null],
  ['a page of HTML', '<html>502</html>'],
  ['a list', [{ kind: 'applied', output: {} }]],
  ['a new word', { kind: 'done' }],
  ['a word of another case', { kind: 'Rejected', code: 'no' }],
  ['applied without an output', { kind: 'applied' }],
  ['applied with a list', { kind: 'applied', output: [] }],
  ['a rejection without a code', { kind: 'rejected' }],
  ['a rejection with an empty code', { kind: 'rejected', code: '' }],
])('O5: takes %s for unknown, never for a failure of business', (_, wire) => {
  expect(readOutcome(wire).kind).toBe('unknown');
});

it('O5: reads anything without throwing, and only exact words as certain', () => {
  fc.assert(
    fc.property(fc.anything(), (wire) => {
      const { kind } = readOutcome(wire);
      if (kind !== 'unknown') expect((wire as { kind: unknown }).kind).toBe(kind);
      readReply(wire);
    }),
  );
});

it('cuts texts that people will read', () => {
  const long = 'x'.repeat(10_000);
  expect(JSON.stringify(readOutcome({ kind: 'rejected', code: long, detail: long })).length).toBeLessThan(1_100);
  expect(JSON.stringify(readOutcome({ kind: 'cannot_compensate', detail: long })).length).toBeLessThan(600);
});

const REPLY = { sagaId: SAGA_ID, branch: 'hold', op: 'do', attempt: 2, outcome: { kind: 'pending' } };

it('reads a reply', () => {
  expect(readReply({ ...REPLY, more: 1 })).toEqual(REPLY);
  expect(readReply({ ...REPLY, outcome: 'what' })?.outcome.kind).toBe('unknown');
});

it.each([
  ['saga', { ...REPLY, sagaId: 'x' }],
  ['branch', { ...REPLY, branch: undefined }],
  ['op', { ...REPLY, op: 'redo' }],
  ['attempt', { ...REPLY, attempt: '2' }],
  ['whole attempt', { ...REPLY, attempt: 1.5 }],
  ['fields', 'applied'],
])('does not know what a reply without its %s answers to', (_, wire) => {
  expect(readReply(wire)).toBeUndefined();
});
