import { transferCompleted } from '@florin/contracts';
import { invariant, newId } from '@florin/primitives';
import { decide, type Outcome, type SagaInput, startSaga, type Transition } from '@florin/saga';
import { expect, it } from 'vitest';
import { crossingTransfer, toInput } from '../sagas/crossing-transfer.ts';
import { crossingEvents } from './publish-crossings.ts';

const ENDED_MS = Date.parse('2026-06-02T10:00:00Z');
const setting = { definition: crossingTransfer, nowMs: Date.parse('2026-06-01T10:00:00Z'), random: 0 };

/** A transfer between two shards, played through by what its ledgers answer. */
function begun(): Transition {
  const party = (name: string) => ({ accountId: newId(0), iban: name, name });
  const input = toInput({
    transferId: newId(0),
    feeJournalId: newId(0),
    actor: 'alice',
    payer: party('alice'),
    payee: party('bob'),
    amountMinor: 700n,
    currency: 'EUR',
    reference: 'rent',
  });
  return startSaga(setting, { id: newId(0), input });
}

function given({ saga }: Transition, input: SagaInput): Transition {
  const next = decide(setting, saga, input);
  invariant(next.ok, 'the saga takes it');
  return next.value;
}

function answered(transition: Transition, outcome: Outcome): Transition {
  const sent = transition.saga.phase === 'waiting' ? given(transition, { kind: 'due' }) : transition;
  const { id: sagaId, stepIndex, attempt } = sent.saga;
  const branch = crossingTransfer.steps[stepIndex]?.name ?? '';
  return given(sent, { kind: 'reply', reply: { sagaId, branch, op: 'do', attempt, outcome } });
}

const APPLIED: Outcome = { kind: 'applied', output: {} };
const POSTED: Outcome = { kind: 'applied', output: { bookedAt: '2026-06-01T10:00:01.000Z', valueDate: '2026-06-01' } };

it('a transfer that arrived is told of as it was booked at the payer', () => {
  const ended = [APPLIED, POSTED, APPLIED].reduce(answered, begun());
  expect(crossingEvents(ended, ENDED_MS)).toMatchObject([
    { topic: transferCompleted.topic, data: { bookedAt: '2026-06-01T10:00:01.000Z', valueDate: '2026-06-01' } },
  ]);
});

it('one whose booking people saw to by hand can still end: it is booked when it ended', () => {
  let stuck = answered(begun(), APPLIED);
  while (stuck.saga.status !== 'needs_attention') stuck = answered(stuck, { kind: 'unknown', detail: 'silence' });
  const said = { by: 'sam', approvedBy: 'sue', reason: 'Booked by hand', evidence: 'Journal 17' };
  const attentionSeq = stuck.saga.attentionSeq ?? 0;
  const ended = answered(given(stuck, { kind: 'resolve', attentionSeq, ...said }), APPLIED);
  expect(crossingEvents(ended, ENDED_MS)).toMatchObject([
    { topic: transferCompleted.topic, data: { bookedAt: '2026-06-02T10:00:00.000Z', valueDate: '2026-06-02' } },
  ]);
});
