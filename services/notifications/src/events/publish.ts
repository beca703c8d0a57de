import { type NoticeCreated, noticeCreated } from '@florin/contracts';
import { appendToOutbox, auditEvent } from '@florin/messaging';
import type { Tx } from '@florin/postgres';
import type { Clock } from '@florin/primitives';
import type { Reader } from '../domain/reader.ts';
import type { Announcement } from '../use-cases/ports.ts';

/** The CloudEvents source of this service. */
export const SOURCE = 'notifications';

/** Writes into the outbox that there are notices, each with the event it follows from. */
export function publish(tx: Tx, announcements: readonly Announcement[]): Promise<void> {
  return appendToOutbox(
    tx,
    SOURCE,
    announcements.map(({ eventId, noticeId, owner, kind, createdAtMs, cause }) => {
      const time = new Date(createdAtMs).toISOString();
      const data: NoticeCreated = { noticeId, owner, kind, createdAt: time };
      return {
        topic: noticeCreated.topic,
        key: owner,
        id: eventId,
        data,
        time,
        ...(cause.correlationId === undefined ? {} : { correlationid: cause.correlationId }),
        causationid: cause.eventId,
      };
    }),
  );
}

/** Puts readers of notices on record. */
export function createRecordRead(clock: Clock) {
  return (tx: Tx, reader: Reader, noticeId: string | null): Promise<void> => {
    const resource = noticeId === null ? `notices-of:${reader.subject}` : `notice:${noticeId}`;
    const action = 'notice.read';
    const at = new Date(clock()).toISOString();
    return appendToOutbox(tx, SOURCE, [
      auditEvent(reader, { id: `${resource}:${reader.traceId}`, action, resource, at }),
    ]);
  };
}
