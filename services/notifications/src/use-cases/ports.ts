import type { DataKeys } from '@florin/data-keys';
import type { Database, Tx } from '@florin/postgres';
import type { Clock, NewId } from '@florin/primitives';
import type { Cause, NoticeKind } from '../domain/notice.ts';
import type { Reader } from '../domain/reader.ts';

/** Somebody has a notice. Said again, it carries what asked for that in its id. */
export interface Announcement {
  readonly eventId: string;
  readonly noticeId: string;
  readonly owner: string;
  readonly kind: NoticeKind;
  readonly createdAtMs: number;
  readonly cause: Cause;
}

export interface Deps {
  readonly db: Database;
  /** Seal what notices say. */
  readonly keys: DataKeys;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Says that there are notices, in the transaction that makes them. */
  publish(tx: Tx, announcements: readonly Announcement[]): Promise<void>;
  /** Puts on record that somebody read a notice, or all of theirs (`null`), in the transaction that notes it. */
  recordRead(tx: Tx, reader: Reader, noticeId: string | null): Promise<void>;
}
