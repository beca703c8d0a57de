import { type AuditActor, type Audited, appendToOutbox, auditEvent, type OutgoingEvent } from '@florin/messaging';
import type { Tx } from '@florin/postgres';
import type { Clock, NewId } from '@florin/primitives';
import type { Actor } from '../domain/actor.ts';
import type { ApprovalChange } from '../domain/approval.ts';
import type { Payee } from '../domain/payee.ts';
import type { AnsweredFact } from '../use-cases/confirm-payment.ts';
import type { ApprovalFact, ApprovalNote } from '../use-cases/submission.ts';

/** A payer was asked to confirm, or may not pay: for the audit trail. */
export function approvalNoteEvent(note: ApprovalNote, writtenAt: string): OutgoingEvent {
  if (note.kind === 'asked') {
    const { id } = note.challenge;
    return recordOf(
      note.challenge,
      { action: 'confirmation.ask', resource: `confirmation:${id}` },
      `${id}:ask`,
      writtenAt,
    );
  }
  const { request, accountId, reason } = note;
  const what = { action: 'confirmation.use', resource: `account:${accountId}`, reason };
  return recordOf(request, what, `${request.draft.id}:refuse`, writtenAt);
}

/** A confirmation was used up by its payment. */
export function usedEvents({ subject, used }: ApprovalChange, writtenAt: string): OutgoingEvent[] {
  if (used === null) return [];
  const { confirmationId, ...actor } = used;
  const what = { action: 'confirmation.use', resource: `confirmation:${confirmationId}` };
  return [recordOf({ subject, ...actor }, what, `${confirmationId}:use`, writtenAt)];
}

/** Writes what is told of an approval into the outbox of the transaction it happened in. */
export function createApprovalPublish(source: string, clock: Clock) {
  return (tx: Tx, fact: ApprovalFact): Promise<void> => {
    const time = new Date(clock()).toISOString();
    const events = fact.kind === 'approved' ? usedEvents(fact.change, time) : [approvalNoteEvent(fact, time)];
    return appendToOutbox(tx, source, events);
  };
}

/** Writes what came of an answer to a challenge into the outbox of the transaction it happened in. */
export function createAnsweredPublish(source: string, clock: Clock, newId: NewId) {
  return (tx: Tx, { confirmationId, payer, refusal }: AnsweredFact): Promise<void> => {
    const resource = `confirmation:${confirmationId}`;
    const what = { action: 'confirmation.answer', resource, ...(refusal === null ? {} : { reason: refusal }) };
    // A wrong answer may be given several times, a right one once.
    const id = refusal === null ? `${confirmationId}:answer` : newId(0);
    return appendToOutbox(tx, source, [recordOf(payer, what, id, new Date(clock()).toISOString())]);
  };
}

/** Writes that somebody trusts a payee, or no more, into the outbox of the transaction it happened in. */
export function createTrustPublish(source: string, clock: Clock, newId: NewId) {
  return (tx: Tx, { id, isTrusted }: Payee, actor: Actor): Promise<void> => {
    const what = { action: isTrusted ? 'payee.trust' : 'payee.distrust', resource: `payee:${id}` };
    return appendToOutbox(tx, source, [recordOf(actor, what, newId(0), new Date(clock()).toISOString())]);
  };
}

function recordOf(actor: AuditActor, what: Pick<Audited, 'action' | 'resource' | 'reason'>, id: string, at: string) {
  const outcome = what.reason === undefined ? 'done' : 'refused';
  return auditEvent(actor, { ...what, outcome, id, at });
}
