import type { Tx } from '@florin/postgres';
import { bucketOfCustomer } from '@florin/primitives';
import type { Notice, NoticeDraft } from '../domain/notice.ts';
import { findWelcomes, insertNotices } from '../repositories/notices.ts';
import type { Announcement, Deps } from './ports.ts';

/**
 * Stores notices and says so. A welcome that its owner has had is announced again when it belongs to a piece of work:
 * whoever waits for that piece may not have heard of the first.
 */
export async function tell(
  { keys, clock, newId, publish }: Pick<Deps, 'keys' | 'clock' | 'newId' | 'publish'>,
  tx: Tx,
  drafts: readonly NoticeDraft[],
): Promise<void> {
  const createdAtMs = clock();
  const notices: Notice[] = drafts.map((draft) => ({
    ...draft,
    id: newId(bucketOfCustomer(draft.owner)),
    createdAtMs,
  }));
  const stored = await insertNotices(tx, keys, notices);
  const again = notices.filter(({ id, cause }) => !stored.has(id) && cause.correlationId !== undefined);
  const welcomes =
    again.length === 0
      ? new Map()
      : await findWelcomes(
          tx,
          again.map(({ owner }) => owner),
        );
  await publish(tx, [
    ...notices.filter(({ id }) => stored.has(id)).map((notice) => announcement(notice, notice.id)),
    ...again.map((notice) => {
      const first = welcomes.get(notice.owner) ?? notice;
      return announcement({ ...notice, ...first }, `${first.id}:${notice.cause.eventId}`);
    }),
  ]);
}

function announcement({ id, owner, kind, createdAtMs, cause }: Notice, eventId: string): Announcement {
  return { eventId, noticeId: id, owner, kind, createdAtMs, cause };
}
