import { auditAction, sessionsRevoked, userRegistered } from '@florin/contracts';
import { appendToOutbox, type OutgoingEvent } from '@florin/messaging';

import type { Clock, NewId } from '@florin/primitives';
import { bucketOfCustomer } from '@florin/primitives';
import type { Fact } from '../domain/fact.ts';
import type { RecordFacts } from '../use-cases/ports.ts';

export const EVENT_SOURCE = 'users';

export function createFactRecorder(ports: { readonly clock: Clock; readonly newId: NewId }): RecordFacts {
  return (tx, facts) => {
    const atMs = ports.clock();
    return appendToOutbox(
      tx,
      EVENT_SOURCE,
      facts.map((fact) => toEvent(fact, atMs, ports.newId)),
    );
  };
}

function toEvent(fact: Fact, atMs: number, newId: NewId): OutgoingEvent {
  const time = new Date(atMs).toISOString();
  switch (fact.kind) {
    case 'person-registered':
      return {
        topic: userRegistered.topic,
        key: fact.personId,
        id: fact.personId,
        time,
        data: { userId: fact.personId, registeredAt: time },
      };
    case 'sessions-revoked':
      return {
        topic: sessionsRevoked.topic,
        key: fact.personId,
        id: newId(bucketOfCustomer(fact.personId)),
        time,
        data: {
          userId: fact.personId,
          notBefore: Math.floor(atMs / 1_000),
          ...(fact.signInId === undefined ? {} : { sessionId: fact.signInId }),
        },
      };
    case 'audited':
      return {
        topic: auditAction.topic,
        key: fact.resource,
        id: newId(bucketOfCustomer(fact.resource)),
        time,
        data: {
          actor: fact.actor,
          roles: fact.roles,
          action: fact.action,
          resource: fact.resource,
          outcome: fact.outcome,
          ...(fact.reason === undefined ? {} : { reason: fact.reason }),
          traceId: fact.traceId,
          at: time,
        },
      };
  }
}
