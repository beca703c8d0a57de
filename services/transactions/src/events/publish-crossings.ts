import { transferCompleted, transferFailed } from '@florin/contracts';
import type { OutgoingEvent } from '@florin/messaging';
import type { Transition } from '@florin/saga';
import { CROSSING_TRANSFER, fromInput } from '../sagas/crossing-transfer.ts';

/** Of an RFC 3339 time: `2026-06-01`. */
const DATE_LENGTH = 10;

/**
 * What the world hears of a transfer between two shards: nothing while it is on its way, then that it is completed or that
 * it failed. Written in the transaction that ends the saga. What happened to the accounts they tell themselves.
 */
export function crossingEvents({ saga }: Transition, nowMs: number): OutgoingEvent[] {
  if (saga.type !== CROSSING_TRANSFER) return [];
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
  const time = new Date(nowMs).toISOString();
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
