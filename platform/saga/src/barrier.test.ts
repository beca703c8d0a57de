import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type BarrierRecord, decideBarrier, TOMBSTONE, TOO_OLD, UNDONE } from './barrier.ts';
import type { Op, Outcome } from './outcome.ts';
import { APPLIED, REJECTED } from './saga.fixture.ts';

const DONE: BarrierRecord = { fingerprint: 'f', outcome: { kind: 'applied', output: { id: '7' } } };
const REFUSED: BarrierRecord = { fingerprint: 'f', outcome: REJECTED };
const BEGUN: BarrierRecord = { fingerprint: 'f', outcome: { kind: 'pending' } };
const UNDO: BarrierRecord = { fingerprint: 'u', outcome: UNDONE };

type Records = Parameters<typeof decideBarrier>[2];

it.each<[string, Op, string, Records, ReturnType<typeof decideBarrier>]>([
  ['does what is new', 'do', 'f', {}, { kind: 'work' }],
  ['P1: answers a duplicate the same', 'do', 'f', { do: DONE }, { kind: 'answer', outcome: DONE.outcome }],
  ['P6: a rejection stays one', 'do', 'f', { do: REFUSED }, { kind: 'answer', outcome: REJECTED }],
  ['P7: another payload under the same name', 'do', 'g', { do: DONE }, { kind: 'mismatch' }],
  ['P7: also after a rejection', 'do', 'g', { do: REFUSED }, { kind: 'mismatch' }],
  ['goes on with what has begun', 'do', 'f', { do: BEGUN }, { kind: 'work' }],
  ['P7: not with another payload', 'do', 'g', { do: BEGUN }, { kind: 'mismatch' }],
  ['undoes what has begun', 'undo', 'u', { do: BEGUN }, { kind: 'work' }],
  [
    'P3: does not go on with what was undone',
    'do',
    'f',
    { do: BEGUN, undo: UNDO },
    { kind: 'answer', outcome: { kind: 'too_late' } },
  ],
  ['undoes what was done', 'undo', 'u', { do: DONE }, { kind: 'work' }],
  ['P2: an undo of what never came', 'undo', 'u', {}, { kind: 'empty' }],
  [
    'P3: a do after its undo',
    'do',
    'f',
    { do: TOMBSTONE, undo: UNDO },
    { kind: 'answer', outcome: { kind: 'too_late' } },
  ],
  ['an undo of what was rejected', 'undo', 'u', { do: REFUSED }, { kind: 'answer', outcome: UNDONE }],
  ['an undo of what was undone', 'undo', 'u', { do: DONE, undo: UNDO }, { kind: 'answer', outcome: UNDONE }],
  ['an undo of what was called off', 'undo', 'u', { do: TOMBSTONE, undo: UNDO }, { kind: 'answer', outcome: UNDONE }],
  ['a do after it was done and undone', 'do', 'f', { do: DONE, undo: UNDO }, { kind: 'answer', outcome: DONE.outcome }],
  ['P7: another undo under the same name', 'undo', 'v', { do: DONE, undo: UNDO }, { kind: 'mismatch' }],
])('%s', (_, op, fingerprint, records, decision) => {
  expect(decideBarrier(op, fingerprint, records)).toEqual(decision);
});

it('has at most one effect standing, whatever comes how often in whatever order', () => {
  const commands = fc.array(fc.constantFrom<Op>('do', 'undo'), { maxLength: 12 });
  fc.assert(
    fc.property(commands, fc.constantFrom<Outcome>(APPLIED, REJECTED), (ops, outcome) => {
      const records: { do?: BarrierRecord; undo?: BarrierRecord } = {};
      let effects = 0;
      for (const op of ops) {
        const decision = decideBarrier(op, op, records);
        if (decision.kind === 'work') {
          const answer = op === 'do' ? outcome : UNDONE;
          records[op] = { fingerprint: op, outcome: answer };
          if (answer.kind === 'applied') effects += op === 'do' ? 1 : -1;
        } else if (decision.kind === 'empty')
          Object.assign(records, { do: TOMBSTONE, undo: { fingerprint: op, outcome: UNDONE } });
        expect(effects === 0 || effects === 1).toBe(true);
      }
      if (ops.includes('undo')) expect(effects).toBe(0);
    }),
  );
});

it('P11: what came back too late to be known is no rejection, since it may have been done', () => {
  expect(TOO_OLD.kind).toBe('unknown');
});
