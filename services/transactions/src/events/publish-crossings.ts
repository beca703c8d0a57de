import { transferCompleted, transferFailed } from '@florin/contracts';
import type { OutgoingEvent } from '@florin/messaging';
import { invariant } from '@florin/primitives';
import type { Saga, Transition } from '@florin/saga';
import { noteOfJournal } from '../domain/audit-note.ts';
import { CROSSING_REVERSAL } from '../sagas/crossing-reversal.ts';
import { CROSSING_TRANSFER, fromInput } from '../sagas/crossing-transfer.ts';
import { endOfReversal } from '../use-cases/reversal-state.ts';
import { reversalEvent } from './publish.ts';
import { noteEvent } from './record.ts';

/** Of an RFC 3339 time: `2026-06-01`. */
const DATE_LENGTH = 10;

/**
 * What the world hears of a transfer between two shards, or of taking one back: nothing while it is on its way, then that it
 * is completed; of a transfer also that it failed. Written in the transaction that ends the saga. What happened to the
 * accounts they tell themselves.
 */
export function crossingEvents({ saga }: Transition, nowMs: number): OutgoingEvent[] {
  const time = new Date(nowMs).toISOString();
  if (saga.type === CROSSING_TRANSFER) return transferEvents(saga, time);
  return saga.type === CROSSING_REVERSAL && saga.status === 'completed' ? reversedEvents(saga, time) : [];
}

function transferEvents(saga: Saga, time: string): OutgoingEvent[] {
  const { transferId, payer, payee, amountMinor, currency, reference, actor } = fromInput(saga.input);
  const facts = {
    transferId,
    fromAccountId: payer.accountId,
    toAccountId: payee.accountId,
    amountMinor: amountMinor.toString(),
    currency,
    reference,
    actor,
  };
  const envelope = { key: transferId, id: transferId, time };
  if (saga.status === 'completed') {
    // A step that people saw to by hand says nothing: it is booked when they said so.
    const { bookedAt = time, valueDate = time.slice(0, DATE_LENGTH) } = saga.outputs['post-debit'] ?? {};
    return [{ topic: transferCompleted.topic, ...envelope, data: { ...facts, bookedAt, valueDate } }];
  }
  if (saga.status !== 'compensated') return [];
  const code = saga.failure?.code ?? 'unknown';
  return [{ topic: transferFailed.topic, ...envelope, data: { ...facts, code, failedAt: time } }];
}

function reversedEvents(saga: Saga, time: string): OutgoingEvent[] {
  const end = endOfReversal(saga);
  invariant(end.status === 'completed', 'a completed saga has taken the transfer back');
  const { reversalId, transferId, payer, payee, amountMinor, currency, reference, actor, reason } = end.reversal;
  const { roles, origin, traceId } = end.reversal;
  const { bookedAt, valueDate } = end;
  const sides = { fromAccountId: payee.accountId, toAccountId: payer.accountId };
  const facts = { transferId, ...sides, amountMinor: amountMinor.toString(), currency, reference, actor };
  const asked = { subject: actor, roles, traceId, ...(origin === undefined ? {} : { origin }) };
  return [
    reversalEvent({ ...facts, bookedAt, valueDate, reversalId, reason }, time),
    noteEvent({ ...noteOfJournal(asked, 'transfer.reversed', reversalId), reason }, time),
  ];
}
