import { type AuditAction, auditAction } from '@florin/contracts';
import type { ActionOrigin } from '@florin/primitives';
import type { OutgoingEvent } from './cloud-event.ts';

/** Who did something, as the audit record names them. */
export interface AuditActor {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly traceId: string;
  /** Absent where the bank acts by itself. */
  readonly origin?: ActionOrigin;
}

/** What goes on record. */
export interface Audited {
  /** Names this record among all: an event that comes again is the same. */
  readonly id: string;
  readonly action: string;
  readonly resource: string;
  /** `done` when absent. */
  readonly outcome?: AuditAction['outcome'];
  readonly reason?: string;
  /** How many alike it stands for; one when absent. */
  readonly count?: number;
  /** RFC 3339. */
  readonly at: string;
}

/** The audit record of something that was done, or was not allowed, as an event for the outbox. */
export function auditEvent(actor: AuditActor, audited: Audited): OutgoingEvent {
  const { id, action, resource, outcome = 'done', reason, count, at } = audited;
  const data: AuditAction = {
    actor: actor.subject,
    roles: [...actor.roles],
    action,
    resource,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...actor.origin,
    ...(count === undefined ? {} : { count }),
    traceId: actor.traceId,
    at,
  };
  return { topic: auditAction.topic, key: resource, id, data, time: at };
}
