import {
  type AuditTrailOptions,
  appendToOutbox,
  auditEvent,
  createAuditTrail,
  type OutgoingEvent,
  type WrittenTrail,
} from '@florin/messaging';
import type { Executor } from '@florin/postgres';
import type { Clock } from '@florin/primitives';
import type { AuditNote } from '../domain/audit-note.ts';

/** A note as its event. */
export function noteEvent({ actor, ...note }: AuditNote, at: string): OutgoingEvent {
  return auditEvent(actor, { ...note, at });
}

/** Writes notes into the outbox of the transaction that makes the change. */
export function createRecord(source: string, clock: Clock) {
  return (tx: Executor, note: AuditNote): Promise<void> =>
    appendToOutbox(tx, source, [noteEvent(note, new Date(clock()).toISOString())]);
}

/** What was denied changes no books: its record goes to one outbox, whatever shard it was about. */
export function createTrail(source: string, db: Executor, ports: Omit<AuditTrailOptions, 'append'>): WrittenTrail {
  return createAuditTrail({ ...ports, append: (records) => appendToOutbox(db, source, records) });
}
