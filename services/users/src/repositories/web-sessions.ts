import type { SealedColumn } from '@florin/data-keys';
import { type Executor, sql } from '@florin/postgres';
import type { Vault } from '../domain/vault.ts';

/** What the bank keeps for a browser; none of it ever goes there. */
export interface WebTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface WebSession extends WebTokens {
  readonly id: Buffer;
  readonly personId: string;
  readonly signInId: string;
  /** By the database's clock. */
  readonly accessSecondsLeft: number;
  readonly accessExpiresAtMs: number;
  readonly endsAtMs: number;
}

interface WebSessionRow {
  readonly id: Buffer;
  readonly personId: string;
  readonly signInId: string;
  readonly tokensSealed: Buffer;
  readonly accessSecondsLeft: number;
  readonly accessExpiresAt: Date;
  readonly endsAt: Date;
}

const context = (id: Buffer): string => `web_session.tokens|${id.toString('base64url')}`;

/** Writing down that a session is in use costs a write; doing so every half minute is exact enough for its idle end. */
const SEEN_EVERY_SECONDS = 30;

export async function insertWebSession(
  on: Executor,
  vault: Vault,
  session: {
    readonly id: Buffer;
    readonly personId: string;
    readonly signInId: string;
    readonly tokens: WebTokens;
    readonly accessSeconds: number;
    readonly lifetimeSeconds: number;
  },
): Promise<void> {
  await on.execute(sql`
    INSERT INTO web_session (id, person_id, sign_in_id, tokens_sealed, access_expires_at, ends_at)
    VALUES (${session.id}, ${session.personId}, ${session.signInId},
            ${vault.seal(JSON.stringify(session.tokens), context(session.id))},
            now() + make_interval(secs => ${session.accessSeconds}),
            now() + make_interval(secs => ${session.lifetimeSeconds}))`);
}

const COLUMNS = sql`
  id, person_id AS "personId", sign_in_id AS "signInId", tokens_sealed AS "tokensSealed",
  extract(epoch FROM access_expires_at - now())::float8 AS "accessSecondsLeft",
  access_expires_at AS "accessExpiresAt", ends_at AS "endsAt"`;

/** A session that has neither ended nor idled out. With `lock`, other instances wait until the transaction ends. */
export async function findWebSession(
  on: Executor,
  vault: Vault,
  id: Buffer,
  idleSeconds: number,
  lock: 'lock' | 'read' = 'read',
): Promise<WebSession | undefined> {
  const found = sql`
    SELECT ${COLUMNS} FROM web_session
     WHERE id = ${id} AND ends_at > now() AND seen_at > now() - make_interval(secs => ${idleSeconds})`;
  const rows = await on.query<WebSessionRow>(lock === 'lock' ? sql`${found} FOR UPDATE` : found);
  const row = rows[0];
  if (row === undefined) return undefined;
  const tokens: WebTokens = JSON.parse(vault.open(row.tokensSealed, context(row.id)));
  return {
    id: row.id,
    personId: row.personId,
    signInId: row.signInId,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    accessSecondsLeft: row.accessSecondsLeft,
    accessExpiresAtMs: row.accessExpiresAt.getTime(),
    endsAtMs: row.endsAt.getTime(),
  };
}

/** When the living web sessions of some sign-ins were last used, by sign-in. One that ended or idled out is not there. */
export async function findSeenTimes(
  on: Executor,
  signInIds: readonly string[],
  idleSeconds: number,
): Promise<ReadonlyMap<string, Date>> {
  const rows = await on.query<{ signInId: string; seenAt: Date }>(sql`
    SELECT sign_in_id AS "signInId", seen_at AS "seenAt" FROM web_session
     WHERE sign_in_id = ANY(${signInIds}::text[])
       AND ends_at > now() AND seen_at > now() - make_interval(secs => ${idleSeconds})`);
  return new Map(rows.map((row) => [row.signInId, row.seenAt]));
}

/** Moves the idle end of a session on. */
export async function touchWebSession(on: Executor, id: Buffer): Promise<void> {
  await on.execute(sql`
    UPDATE web_session SET seen_at = now()
     WHERE id = ${id} AND seen_at < now() - make_interval(secs => ${SEEN_EVERY_SECONDS})`);
}

export async function updateWebTokens(
  on: Executor,
  vault: Vault,
  id: Buffer,
  tokens: WebTokens,
  accessSeconds: number,
): Promise<void> {
  await on.execute(sql`
    UPDATE web_session
       SET tokens_sealed = ${vault.seal(JSON.stringify(tokens), context(id))}, seen_at = now(),
           access_expires_at = now() + make_interval(secs => ${accessSeconds})
     WHERE id = ${id}`);
}

/** Ends a session; answers whose it was. */
export async function deleteWebSession(
  on: Executor,
  id: Buffer,
): Promise<{ readonly personId: string; readonly signInId: string } | undefined> {
  const rows = await on.query<{ personId: string; signInId: string }>(sql`
    DELETE FROM web_session WHERE id = ${id} RETURNING person_id AS "personId", sign_in_id AS "signInId"`);
  return rows[0];
}

/** Ends the web session of a sign-in, if it has one. */
export async function deleteWebSessionOf(on: Executor, signInId: string): Promise<void> {
  await on.execute(sql`DELETE FROM web_session WHERE sign_in_id = ${signInId}`);
}

/** Deletes up to `limit` sessions that ended or idled out; answers how many. */
export function purgeWebSessions(on: Executor, idleSeconds: number, limit: number): Promise<number> {
  return on.execute(sql`
    DELETE FROM web_session WHERE id IN (
      SELECT id FROM web_session
       WHERE ends_at <= now() OR seen_at <= now() - make_interval(secs => ${idleSeconds})
       LIMIT ${limit} FOR UPDATE SKIP LOCKED)`);
}

/** What this file seals, for when a key changed. */
export const WEB_SESSION_SEALED: SealedColumn = {
  table: 'web_session',
  column: 'tokens_sealed',
  key: ['id'],
  context: (row) => context(row['id'] as Buffer),
};
