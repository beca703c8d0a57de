import { type CustomerKeyMaker, customerKeysOf, eraseCustomerKey, type SealedColumn } from '@florin/data-keys';
import { type Executor, emptySql, sql, type Tx } from '@florin/postgres';
import { invariant } from '@florin/primitives';
import type { KeptNotice, Notice, NoticeKind, NoticeParameters } from '../domain/notice.ts';

interface Row {
  id: string;
  kind: NoticeKind;
  /** In the clear only until it is sealed. */
  parameters: NoticeParameters | null;
  parameters_sealed: Buffer | null;
  key_sealed: Buffer | null;
  created_at: Date;
  read_at: Date | null;
}

const COLUMNS = sql`id, kind, parameters, parameters_sealed, created_at, read_at,
  (SELECT key_sealed FROM customer_key WHERE customer_id = owner) AS key_sealed`;

/** Not one that was just being written when its owner was erased. */
const IS_READABLE = sql`
  (parameters IS NOT NULL OR EXISTS (SELECT FROM customer_key WHERE customer_id = owner AND key_sealed IS NOT NULL))`;

const parametersContext = (id: string): string => `notice.parameters|${id}`;

/** Stores notices; answers the ids of those that were new. A second welcome is none, nor is one for who was erased. */
export async function insertNotices(
  tx: Tx,
  keys: CustomerKeyMaker,
  notices: readonly Notice[],
): Promise<ReadonlySet<string>> {
  if (notices.length === 0) return new Set();
  const own = await customerKeysOf(
    tx,
    keys,
    notices.map(({ owner }) => owner),
  );
  const sealed = notices.flatMap((notice) => {
    const key = own.get(notice.owner);
    return key === undefined
      ? []
      : [{ notice, sealed: key.seal(JSON.stringify(notice.parameters), parametersContext(notice.id)) }];
  });
  const column = <Value>(read: (notice: Notice) => Value) => sealed.map(({ notice }) => read(notice));
  const rows = await tx.query<{ id: string }>(sql`
    INSERT INTO notice (id, owner, kind, parameters_sealed, event_id, created_at)
    SELECT id, owner, kind, parameters_sealed, event_id, created_at
    FROM unnest(${column(({ id }) => id)}::uuid[], ${column(({ owner }) => owner)}::text[],
      ${column(({ kind }) => kind)}::text[], ${sealed.map((one) => one.sealed)}::bytea[],
      ${column(({ cause }) => cause.eventId)}::text[],
      ${column(({ createdAtMs }) => new Date(createdAtMs))}::timestamptz[])
      AS made (id, owner, kind, parameters_sealed, event_id, created_at)
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
  keys: CustomerKeyMaker,
  owner: string,
  page: { readonly beforeId: string | undefined; readonly limit: number },
): Promise<KeptNotice[]> {
  const before = page.beforeId === undefined ? emptySql : sql`AND id < ${page.beforeId}::uuid`;
  const rows = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM notice WHERE owner = ${owner} AND ${IS_READABLE} ${before} ORDER BY id DESC LIMIT ${page.limit}`);
  return rows.map((row) => noticeOf(keys, owner, row));
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
  keys: CustomerKeyMaker,
  { id, owner, readAtMs }: { readonly id: string; readonly owner: string; readonly readAtMs: number },
): Promise<KeptNotice | undefined> {
  const [row] = await db.query<Row>(sql`
    UPDATE notice SET read_at = coalesce(read_at, ${new Date(readAtMs)}::timestamptz)
    WHERE id = ${id} AND owner = ${owner} AND ${IS_READABLE} RETURNING ${COLUMNS}`);
  return row && noticeOf(keys, owner, row);
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

/**
 * Forgets somebody who was erased: their notices, and the key of any that another transaction is just writing. That row is
 * never deleted, so nothing that comes late is sealed for them.
 */
export async function forgetOwner(tx: Tx, owner: string): Promise<void> {
  await eraseCustomerKey(tx, owner);
  await tx.execute(sql`DELETE FROM notice WHERE owner = ${owner}`);
}

/**
 * Seals up to `limit` notices that lie in the clear; answers how many. Instances share the work. Those of somebody who was
 * erased are not there to be sealed.
 */
export async function sealNotices(tx: Tx, keys: CustomerKeyMaker, limit: number): Promise<number> {
  const rows = await tx.query<{ id: string; owner: string; parameters: NoticeParameters }>(sql`
    SELECT id, owner, parameters FROM notice WHERE parameters IS NOT NULL
     ORDER BY id LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED`);
  const own = await customerKeysOf(
    tx,
    keys,
    rows.map(({ owner }) => owner),
  );
  await Promise.all(
    rows.map(({ id, owner, parameters }) => {
      const sealed = own.get(owner)?.seal(JSON.stringify(parameters), parametersContext(id));
      return tx.execute(
        sealed === undefined
          ? sql`DELETE FROM notice WHERE id = ${id}`
          : sql`UPDATE notice SET parameters = NULL, parameters_sealed = ${sealed} WHERE id = ${id}`,
      );
    }),
  );
  return rows.length;
}

/** What this file seals, for when a key changed. */
export const NOTICE_SEALED: SealedColumn = {
  table: 'notice',
  column: 'parameters_sealed',
  key: ['id'],
  customer: 'owner',
  context: (row) => parametersContext(String(row['id'])),
};

function noticeOf(keys: CustomerKeyMaker, owner: string, row: Row): KeptNotice {
  return {
    id: row.id,
    kind: row.kind,
    parameters: parametersOf(keys, owner, row),
    createdAtMs: row.created_at.getTime(),
    readAtMs: row.read_at?.getTime(),
  };
}

function parametersOf(keys: CustomerKeyMaker, owner: string, row: Row): NoticeParameters {
  if (row.parameters !== null) return row.parameters;
  invariant(row.parameters_sealed !== null && row.key_sealed !== null, 'a sealed notice without the key of its owner');
  return JSON.parse(keys.customerKey(owner, row.key_sealed).open(row.parameters_sealed, parametersContext(row.id)));
}
