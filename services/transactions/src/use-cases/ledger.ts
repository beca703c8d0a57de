import type { Database, Executor } from '@florin/postgres';
import type { NewId } from '@florin/primitives';
import type { AuditNote } from '../domain/audit-note.ts';
import type { BulkGate } from './bulk-gate.ts';
import type { GroupCommit } from './group-commit.ts';

/** Puts on record, with the transaction that makes it, what somebody changes outside of the books. */
export type RecordNote = (tx: Executor, note: AuditNote) => Promise<void>;

/** One shard of the ledger: what the use cases work with. */
export interface Ledger {
  /** Its place among the shards, from 0. */
  readonly index: number;
  /** Where every change goes through. */
  readonly groupCommit: GroupCommit;
  /** Where bulk requests wait for their turn. */
  readonly bulkGate: BulkGate;
  /** For reading; nothing is written past the group commit. */
  readonly db: Database;
  readonly newId: NewId;
  /** The account of an IBAN, once known: an IBAN is never given to another account. Bounded. */
  readonly accountIdsByIban: { get(iban: string): string | undefined; set(iban: string, id: string): unknown };
}
