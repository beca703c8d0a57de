import { type AuditAction, accountStatusChanged, auditAction } from '@florin/contracts';
import { appendToOutbox, type OutgoingEvent } from '@florin/messaging';
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
  if (fact.kind === 'status-changed') {
    return statusEvent(fact, time);
  }
  if (fact.kind === 'dead-letters-retried') {
    const resource = `dead-letters:${fact.group}`;
    const reason = `${fact.handled} handled`;
    return auditEvent({ ...fact, action: 'dead-letters.retry', outcome: 'done', reason }, resource, time);
  }
  return auditEvent(fact, `account:${fact.accountId}`, time, fact.id);
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

function auditEvent(
  fact: Omit<AuditAction, 'roles' | 'resource' | 'at' | 'reason'> & {
    readonly roles: readonly AuditAction['roles'][number][];
    readonly reason: string | null;
  },
  resource: string,
  time: string,
  id = `${resource}:${fact.traceId}:${time}`,
): OutgoingEvent {
  const data: AuditAction = {
    actor: fact.actor,
    roles: [...fact.roles],
    action: fact.action,
    resource,
    outcome: fact.outcome,
    ...(fact.reason === null ? {} : { reason: fact.reason }),
    traceId: fact.traceId,
    at: time,
  };
  return { topic: auditAction.topic, key: resource, id, data, time };
}
