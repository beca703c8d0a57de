import { type Executor, emptySql, sql, type Tx } from '@florin/postgres';
import type { KeptNotice, Notice, NoticeKind, NoticeParameters } from '../domain/notice.ts';

interface Row {
  id: string;
  kind: NoticeKind;
  parameters: NoticeParameters;
  created_at: Date;
  read_at: Date | null;
}

const COLUMNS = sql`id, kind, parameters, created_at, read_at`;

/** Stores notices; answers the ids of those that were new. A second welcome is none. */
export async function insertNotices(tx: Tx, notices: readonly Notice[]): Promise<ReadonlySet<string>> {
  if (notices.length === 0) return new Set();
  const column = <Value>(read: (notice: Notice) => Value) => notices.map(read);
  const rows = await tx.query<{ id: string }>(sql`
    INSERT INTO notice (id, owner, kind, parameters, event_id, created_at)
    SELECT id, owner, kind, parameters::jsonb, event_id, created_at
    FROM unnest(${column(({ id }) => id)}::uuid[], ${column(({ owner }) => owner)}::text[],
      ${column(({ kind }) => kind)}::text[], ${column(({ parameters }) => JSON.stringify(parameters))}::text[],
      ${column(({ cause }) => cause.eventId)}::text[],
      ${column(({ createdAtMs }) => new Date(createdAtMs))}::timestamptz[])
      AS made (id, owner, kind, parameters, event_id, created_at)
    ON CONFLICT (owner) WHERE kind = 'welcome' DO NOTHING
    RETURNING id`);
  return new Set(rows.map(({ id }) => id));
}

/** The welcomes that these have had. */
export async function findWelcomes(
  db: Executor,
  owners: readonly string[],
): Promise<ReadonlyMap<string, { readonly id: string; readonly createdAtMs: number }>> {
  const rows = await db.query<{ owner: string; id: string; created_at: Date }>(sql`
    SELECT owner, id, created_at FROM notice WHERE kind = 'welcome' AND owner = ANY(${owners}::text[])`);
  return new Map(rows.map(({ owner, id, created_at }) => [owner, { id, createdAtMs: created_at.getTime() }]));
}

/** Somebody's notices, the newest first, after the one with this id; ids begin with the time they were made. */
export async function listNotices(
  db: Executor,
  owner: string,
  page: { readonly beforeId: string | undefined; readonly limit: number },
): Promise<KeptNotice[]> {
  const before = page.beforeId === undefined ? emptySql : sql`AND id < ${page.beforeId}::uuid`;
  const rows = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM notice WHERE owner = ${owner} ${before} ORDER BY id DESC LIMIT ${page.limit}`);
  return rows.map(noticeOf);
}

/** How many are unread, counted up to a bound. */
export async function countUnread(db: Executor, owner: string, countedMax: number): Promise<number> {
  const [row] = await db.query<{ count: bigint }>(sql`
    SELECT count(*) FROM (SELECT FROM notice WHERE owner = ${owner} AND read_at IS NULL LIMIT ${countedMax}) AS unread`);
  return Number(row?.count ?? 0n);
}

/** Notes when a notice was read, the first time; undefined when it is nobody's or somebody else's. */
export async function markRead(
  db: Executor,
  { id, owner, readAtMs }: { readonly id: string; readonly owner: string; readonly readAtMs: number },
): Promise<KeptNotice | undefined> {
  const [row] = await db.query<Row>(sql`
    UPDATE notice SET read_at = coalesce(read_at, ${new Date(readAtMs)}::timestamptz)
    WHERE id = ${id} AND owner = ${owner} RETURNING ${COLUMNS}`);
  return row && noticeOf(row);
}

/** Notes that somebody read what is unread, at most so many; answers how many there were. */
export function markAllRead(
  db: Executor,
  { owner, readAtMs, rowsMax }: { readonly owner: string; readonly readAtMs: number; readonly rowsMax: number },
): Promise<number> {
  return db.execute(sql`
    UPDATE notice SET read_at = ${new Date(readAtMs)} WHERE read_at IS NULL AND id = ANY(ARRAY(
      SELECT id FROM notice WHERE owner = ${owner} AND read_at IS NULL LIMIT ${rowsMax}))`);
}

/** Forgets what was told so many days ago, except the welcome, which says that somebody was welcomed. */
export function purgeNotices(db: Executor, days: number, rowsMax: number): Promise<number> {
  return db.execute(sql`
    DELETE FROM notice WHERE id = ANY(ARRAY(
      SELECT id FROM notice WHERE created_at < now() - ${days}::integer * interval '1 day' AND kind <> 'welcome'
      LIMIT ${rowsMax}))`);
}

function noticeOf(row: Row): KeptNotice {
  return {
    id: row.id,
    kind: row.kind,
    parameters: row.parameters,
    createdAtMs: row.created_at.getTime(),
    readAtMs: row.read_at?.getTime(),
  };
}
