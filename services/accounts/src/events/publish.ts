import { accountStatusChanged } from '@florin/contracts';
import { appendToOutbox, auditEvent, type OutgoingEvent } from '@florin/messaging';
import type { Tx } from '@florin/postgres';
import type { Clock } from '@florin/primitives';
import type { Fact } from '../domain/facts.ts';

/** The CloudEvents source of this service. */
export const SOURCE = 'accounts';

/** Writes facts into the outbox of the transaction they happened in. */
export function createPublish(clock: Clock) {
  return (tx: Tx, facts: readonly Fact[]): Promise<void> => {
    const time = new Date(clock()).toISOString();
    return appendToOutbox(
      tx,
      SOURCE,
      facts.map((fact) => eventOf(fact, time)),
    );
  };
}

function eventOf(fact: Fact, time: string): OutgoingEvent {
  if (fact.kind === 'status-changed') return statusEvent(fact, time);
  const { id, accountId, action, actor, outcome, reason } = fact;
  const audited = { id, action, resource: `account:${accountId}`, outcome, at: time };
  return auditEvent(actor, reason === null ? audited : { ...audited, reason });
}

function statusEvent(fact: Fact & { readonly kind: 'status-changed' }, time: string): OutgoingEvent {
  const { accountId, status, owners, controlVersion, follows, isRestated = false } = fact;
  const id = `${accountId}:${controlVersion}`;
  return {
    topic: accountStatusChanged.topic,
    key: accountId,
    id: isRestated ? `${id}:${follows?.eventId ?? 'restated'}` : id,
    data: { accountId, status, owners, changedAt: time, ...(isRestated ? { restated: true } : {}) },
    time,
    ...(follows === undefined ? {} : { correlationid: follows.correlationId, causationid: follows.eventId }),
  };
}
