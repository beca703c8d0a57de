import type { Result } from '@florin/primitives';
import { fail, ok } from '@florin/primitives';
import type { KeptNotice } from '../domain/notice.ts';
import type { Reader } from '../domain/reader.ts';
import { countUnread, listNotices, markAllRead, markRead } from '../repositories/notices.ts';
import type { Deps } from './ports.ts';

export interface NoticePage {
  readonly notices: readonly KeptNotice[];
  /** Where the next page begins; undefined on the last one. */
  readonly nextId: string | undefined;
  readonly unread: number;
}

type ReadDeps = Pick<Deps, 'db' | 'keys' | 'clock' | 'recordRead'>;

interface NoticeNotFound {
  readonly code: 'notice-not-found';
}

/** More than this is read in several requests. */
const READ_AT_ONCE_MAX = 10_000;

/** A page of somebody's notices, and how many of all are unread. */
export async function readPage(
  { db, keys }: Pick<Deps, 'db' | 'keys'>,
  owner: string,
  page: { readonly beforeId: string | undefined; readonly limit: number; readonly countedMax: number },
): Promise<NoticePage> {
  const [found, unread] = await Promise.all([
    listNotices(db, keys, owner, { beforeId: page.beforeId, limit: page.limit + 1 }),
    countUnread(db, owner, page.countedMax),
  ]);
  const notices = found.slice(0, page.limit);
  return { notices, nextId: found.length > page.limit ? notices.at(-1)?.id : undefined, unread };
}

/** Notes that somebody read a notice of theirs. Fails with `notice-not-found`, also for somebody else's. */
export function readNotice(
  { db, keys, clock, recordRead }: ReadDeps,
  reader: Reader,
  id: string,
): Promise<Result<KeptNotice, NoticeNotFound>> {
  return db.transaction(async (tx): Promise<Result<KeptNotice, NoticeNotFound>> => {
    const notice = await markRead(tx, keys, { id, owner: reader.subject, readAtMs: clock() });
    if (notice === undefined) return fail({ code: 'notice-not-found' });
    await recordRead(tx, reader, id);
    return ok(notice);
  });
}

/** Notes that somebody read everything; answers how many of it they had not. */
export function readEverything({ db, clock, recordRead }: ReadDeps, reader: Reader): Promise<number> {
  return db.transaction(async (tx) => {
    const read = await markAllRead(tx, { owner: reader.subject, readAtMs: clock(), rowsMax: READ_AT_ONCE_MAX });
    await recordRead(tx, reader, null);
    return read;
  });
}
