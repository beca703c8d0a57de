import { type StandingOrderExecuted, standingOrderExecuted } from '@florin/contracts';
import { type Audited, appendToOutbox, auditEvent, type OutgoingEvent } from '@florin/messaging';
import type { Tx } from '@florin/postgres';
import type { Clock } from '@florin/primitives';
import type { Actor } from '../domain/actor.ts';
import type { Execution, StandingOrder } from '../domain/standing-order.ts';
import type { StandingOrderFact } from '../domain/standing-order-facts.ts';

type Executed = StandingOrderFact & { readonly kind: 'executed' };

/** Writes facts about standing orders into the outbox of the transaction they happened in. */
export function createPublish(source: string, clock: Clock) {
  return (tx: Tx, facts: readonly StandingOrderFact[]): Promise<void> => {
    const time = new Date(clock()).toISOString();
    return appendToOutbox(
      tx,
      source,
      facts.flatMap((fact) => (fact.kind === 'executed' ? executedEvents(fact, time) : [actionEvent(fact, time)])),
    );
  };
}

/** A skipped date was the owner's wish and is told as their action. */
function executedEvents({ order, execution, atMs }: Executed, time: string): OutgoingEvent[] {
  const { dueDate, attempt, outcome, transferId, problemCode } = execution;
  if (outcome === 'skipped') return [];
  const data: StandingOrderExecuted = {
    orderId: order.id,
    owner: order.owner,
    fromAccountId: order.fromAccountId,
    payeeName: order.payeeName,
    amountMinor: order.amountMinor.toString(),
    currency: order.currency,
    dueDate,
    attempt,
    outcome,
    ...(transferId === null ? {} : { transferId }),
    ...(problemCode === null ? {} : { problemCode }),
    orderStatus: order.status,
    at: new Date(atMs).toISOString(),
  };
  const id = `${order.id}:${dueDate}:${attempt}`;
  const executed = { topic: standingOrderExecuted.topic, key: order.id, id, data, time };
  return outcome === 'failed' ? [executed, failedEvent(order, execution, time)] : [executed];
}

/** The bank itself: nobody was there when a payment failed. */
const BANK: Actor = { subject: 'service:transactions', roles: [], traceId: '' };

function failedEvent(order: StandingOrder, { dueDate, problemCode }: Execution, time: string): OutgoingEvent {
  const what = { action: 'standing-order.execute', outcome: 'refused', reason: problemCode ?? '' } as const;
  return recordOf(order, BANK, what, `${order.id}:${dueDate}:failed`, time);
}

function actionEvent(fact: StandingOrderFact & { readonly kind: 'action' }, time: string): OutgoingEvent {
  const { order, action, actor } = fact;
  const what = { action: `standing-order.${action}`, outcome: 'done' } as const;
  return recordOf(order, actor, what, `${order.id}:${action}:${order.version}`, time);
}

function recordOf(
  order: StandingOrder,
  actor: Actor,
  what: Pick<Audited, 'action' | 'outcome' | 'reason'>,
  id: string,
  time: string,
): OutgoingEvent {
  return auditEvent(actor, { ...what, id, resource: `standing-order:${order.id}`, at: time });
}
