import { type Executor, sql, type Tx } from '@florin/postgres';
import type { TokenPurpose } from '../domain/mail.ts';
import type { Vault } from '../domain/vault.ts';

const context = (hash: Buffer): string => `mailed_token.new_email|${hash.toString('base64url')}`;

export interface NewMailedToken {
  readonly hash: Buffer;
  readonly personId: string;
  readonly purpose: TokenPurpose;
  /** Of a change of address: the new one. */
  readonly newEmail?: string;
  readonly lifetimeSeconds: number;
}

/**
 * Notes a token that is about to be sent, bound to the address its owner has now. False, and nothing, when `anHourMax` of
 * its kind went out in the last hour.
 */
export async function insertMailedToken(
  on: Executor,
  vault: Vault,
  { hash, personId, purpose, newEmail, lifetimeSeconds }: NewMailedToken,
  anHourMax: number,
): Promise<boolean> {
  const sealed = newEmail === undefined ? null : vault.seal(newEmail, context(hash));
  const inserted = await on.execute(sql`
    INSERT INTO mailed_token (token_hash, person_id, purpose, email_index, new_email_sealed, expires_at)
    SELECT ${hash}::bytea, id, ${purpose}::text, email_index, ${sealed}::bytea,
           now() + make_interval(secs => ${lifetimeSeconds})
      FROM person p
     WHERE id = ${personId} AND p.status <> 'erased'
       AND (SELECT count(*) FROM mailed_token t
             WHERE t.person_id = p.id AND t.purpose = ${purpose} AND t.issued_at > now() - interval '1 hour') < ${anHourMax}`);
  return inserted === 1;
}

/** Whose a token is that is good at this moment; spends nothing. */
export async function findTokenOwner(on: Executor, hash: Buffer, purpose: TokenPurpose): Promise<string | undefined> {
  const rows = await on.query<{ personId: string }>(sql`
    SELECT t.person_id AS "personId" FROM mailed_token t JOIN person p ON p.id = t.person_id
     WHERE t.token_hash = ${hash} AND t.purpose = ${purpose} AND t.used_at IS NULL AND t.expires_at > now()
       AND p.status = 'active' AND p.email_index = t.email_index`);
  return rows[0]?.personId;
}

export interface SpentToken {
  readonly personId: string;
  readonly purpose: TokenPurpose;
  readonly newEmail: string | undefined;
}

/**
 * Spends a token: of any number of callers at once one gets it. Not one that is used or too old, and none of an address
 * that is not its owner's any more.
 */
export async function spendToken(
  tx: Tx,
  vault: Vault,
  hash: Buffer,
  purposes: readonly TokenPurpose[],
): Promise<SpentToken | undefined> {
  const rows = await tx.query<{ personId: string; purpose: TokenPurpose; newEmailSealed: Buffer | null }>(sql`
    UPDATE mailed_token t SET used_at = now() FROM person p
     WHERE t.token_hash = ${hash} AND t.purpose = ANY(${purposes}::text[]) AND t.used_at IS NULL AND t.expires_at > now()
       AND p.id = t.person_id AND p.status = 'active' AND p.email_index = t.email_index
    RETURNING t.person_id AS "personId", t.purpose, t.new_email_sealed AS "newEmailSealed"`);
  const row = rows[0];
  if (row === undefined) return undefined;
  const newEmail = row.newEmailSealed === null ? undefined : vault.open(row.newEmailSealed, context(hash));
  return { personId: row.personId, purpose: row.purpose, newEmail };
}

/** Makes what somebody was sent for these purposes worthless. It still counts among what went out. */
export async function voidTokens(tx: Tx, personId: string, purposes: readonly TokenPurpose[]): Promise<void> {
  await tx.execute(sql`
    UPDATE mailed_token SET used_at = now()
     WHERE person_id = ${personId} AND purpose = ANY(${purposes}::text[]) AND used_at IS NULL`);
}

/** Deletes up to `limit` that are over; answers how many. One that is over is older than the hour that is counted. */
export function purgeTokens(on: Executor, limit: number): Promise<number> {
  return on.execute(sql`
    DELETE FROM mailed_token WHERE token_hash IN (
      SELECT token_hash FROM mailed_token WHERE expires_at <= now() - interval '1 hour'
       ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`);
}
