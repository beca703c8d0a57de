import type { Actor } from './actor.ts';

/** What goes on record together with the change it is about. */
export interface AuditNote {
  /** Names this record among all: that of a change that comes again is the same. */
  readonly id: string;
  readonly actor: Actor;
  /** `transfer.sent`, `cash.deposit`. */
  readonly action: string;
  /** `journal:<id>`, `payee:<id>`. */
  readonly resource: string;
  readonly reason?: string;
}

/** The note of a journal that somebody books. */
export function noteOfJournal(actor: Actor, action: string, journalId: string): AuditNote {
  return { id: `${journalId}:${action}`, actor, action, resource: `journal:${journalId}` };
}
