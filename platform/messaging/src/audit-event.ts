import { type AuditAction, auditAction } from '@florin/contracts';
import type { OutgoingEvent } from './cloud-event.ts';

/** Who did something, as the audit record names them. */
export interface AuditActor {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly traceId: string;
}

/** The audit record of something that was done, as an event for the outbox of the transaction that did it. */
export function auditEvent(
  actor: AuditActor,
  done: {
    /** Names this record among all: an event that comes again is the same. */
    readonly id: string;
    readonly action: string;
    readonly resource: string;
    readonly reason?: string;
    /** RFC 3339. */
    readonly at: string;
  },
): OutgoingEvent {
  const { id, action, resource, reason, at } = done;
  const data: AuditAction = {
    actor: actor.subject,
    roles: [...actor.roles],
    action,
    resource,
    outcome: 'done',
    ...(reason === undefined ? {} : { reason }),
    traceId: actor.traceId,
    at,
  };
  return { topic: auditAction.topic, key: resource, id, data, time: at };
}
