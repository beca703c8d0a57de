import { type AuditAction, auditAction } from '@florin/contracts';
import { appendToOutbox, type OutgoingEvent } from '@florin/messaging';
import type { Tx } from '@florin/postgres';
import type { Clock, NewId } from '@florin/primitives';
import type { ApprovalChange } from '../domain/approval.ts';
import type { AnsweredFact } from '../use-cases/confirm-payment.ts';
import type { ApprovalNote } from '../use-cases/submission.ts';

interface Asking {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly traceId: string;
}

/** A payer was asked to confirm, or may not pay: for the audit trail. */
export function noteEvent(note: ApprovalNote, writtenAt: string): OutgoingEvent {
  if (note.kind === 'asked') {
    const { id } = note.challenge;
    return auditEvent(
      note.challenge,
      { action: 'confirmation.ask', resource: `confirmation:${id}` },
      `${id}:ask`,
      writtenAt,
    );
  }
  const { request, accountId, reason } = note;
  const what = { action: 'confirmation.use', resource: `account:${accountId}`, reason };
  return auditEvent(request, what, `${request.draft.id}:refuse`, writtenAt);
}

/** A confirmation was used up by its payment. */
export function usedEvents({ subject, used }: ApprovalChange, writtenAt: string): OutgoingEvent[] {
  if (used === null) return [];
  const { confirmationId, roles, traceId } = used;
  const what = { action: 'confirmation.use', resource: `confirmation:${confirmationId}` };
  return [auditEvent({ subject, roles, traceId }, what, `${confirmationId}:use`, writtenAt)];
}

/** Writes what came of an answer to a challenge into the outbox of the transaction it happened in. */
export function createAnsweredPublish(source: string, clock: Clock, newId: NewId) {
  return (tx: Tx, { confirmationId, payer, refusal }: AnsweredFact): Promise<void> => {
    const resource = `confirmation:${confirmationId}`;
    const what = { action: 'confirmation.answer', resource, ...(refusal === null ? {} : { reason: refusal }) };
    // A wrong answer may be given several times, a right one once.
    const id = refusal === null ? `${confirmationId}:answer` : newId(0);
    return appendToOutbox(tx, source, [auditEvent(payer, what, id, new Date(clock()).toISOString())]);
  };
}

function auditEvent(
  { subject, roles, traceId }: Asking,
  what: Pick<AuditAction, 'action' | 'resource' | 'reason'>,
  id: string,
  time: string,
): OutgoingEvent {
  const outcome = what.reason === undefined ? 'done' : 'refused';
  const data: AuditAction = { actor: subject, roles: [...roles], ...what, outcome, traceId, at: time };
  return { topic: auditAction.topic, key: data.resource, id, data, time };
}
