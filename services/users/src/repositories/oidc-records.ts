import type { SealedColumn } from '@florin/data-keys';
import { type Executor, sql, type Tx } from '@florin/postgres';

/** A stored record of the OpenID Connect issuer. `consumed` once someone redeemed it. */
export interface OidcRecord {
  readonly id: Buffer;
  readonly payloadSealed: Buffer;
  readonly consumed: boolean;
}

export interface NewOidcRecord {
  readonly model: string;
  readonly id: Buffer;
  readonly payloadSealed: Buffer;
  readonly grantId: Buffer | null;
  readonly uid: Buffer | null;
  readonly accountId: string | null;
  readonly clientId: string | null;
  /** Of a grant: what signed in. */
  readonly device: string | null;
  readonly lifetimeSeconds: number;
}

/** A grant that is gone: which person's sign-in it was. */
export interface RevokedGrant {
  readonly id: Buffer;
  readonly accountId: string;
  readonly clientId: string;
}

/** Stores a record, or replaces the one of the same id. Whether it was consumed, when it was made and by what stay. */
export async function upsertRecord(on: Executor, record: NewOidcRecord): Promise<void> {
  await on.execute(sql`
    INSERT INTO oidc_record (model, id, payload_sealed, grant_id, uid, account_id, client_id, device, expires_at)
    VALUES (${record.model}, ${record.id}, ${record.payloadSealed}, ${record.grantId}, ${record.uid},
            ${record.accountId}, ${record.clientId}, ${record.device},
            now() + make_interval(secs => ${record.lifetimeSeconds}))
    ON CONFLICT (model, id) DO UPDATE
      SET payload_sealed = excluded.payload_sealed, grant_id = excluded.grant_id, uid = excluded.uid,
          account_id = excluded.account_id, client_id = excluded.client_id, expires_at = excluded.expires_at`);
}

/** Stores a record that must not exist yet; false when it does. This is what makes a nonce usable once. */
export async function insertRecordOnce(on: Executor, record: NewOidcRecord): Promise<boolean> {
  const inserted = await on.execute(sql`
    INSERT INTO oidc_record (model, id, payload_sealed, grant_id, uid, account_id, client_id, expires_at)
    VALUES (${record.model}, ${record.id}, ${record.payloadSealed}, ${record.grantId}, ${record.uid},
            ${record.accountId}, ${record.clientId}, now() + make_interval(secs => ${record.lifetimeSeconds}))
    ON CONFLICT (model, id) DO NOTHING`);
  return inserted === 1;
}

/** A record that has not expired by the database's clock. */
export async function findRecord(on: Executor, model: string, id: Buffer): Promise<OidcRecord | undefined> {
  const rows = await on.query<OidcRecord>(sql`
    SELECT id, payload_sealed AS "payloadSealed", consumed_at IS NOT NULL AS consumed
      FROM oidc_record WHERE model = ${model} AND id = ${id} AND expires_at > now()`);
  return rows[0];
}

export async function findRecordByUid(on: Executor, model: string, uid: Buffer): Promise<OidcRecord | undefined> {
  const rows = await on.query<OidcRecord>(sql`
    SELECT id, payload_sealed AS "payloadSealed", consumed_at IS NOT NULL AS consumed
      FROM oidc_record WHERE model = ${model} AND uid = ${uid} AND expires_at > now()`);
  return rows[0];
}

/** Marks a record as redeemed. Of any number of callers at once, on any number of instances, one gets true. */
export async function consumeRecord(on: Executor, model: string, id: Buffer): Promise<boolean> {
  const consumed = await on.execute(sql`
    UPDATE oidc_record SET consumed_at = now() WHERE model = ${model} AND id = ${id} AND consumed_at IS NULL`);
  return consumed === 1;
}

/** The grant a record belongs to, expired or not. */
export async function grantOfRecord(on: Executor, model: string, id: Buffer): Promise<Buffer | undefined> {
  const rows = await on.query<{ grantId: Buffer | null }>(sql`
    SELECT grant_id AS "grantId" FROM oidc_record WHERE model = ${model} AND id = ${id}`);
  return rows[0]?.grantId ?? undefined;
}

export async function deleteRecord(on: Executor, model: string, id: Buffer): Promise<void> {
  await on.execute(sql`DELETE FROM oidc_record WHERE model = ${model} AND id = ${id}`);
}

/**
 * Deletes a grant and every code and token that hangs on it; answers the grant when it was this call that ended it.
 * The grant's row goes first: it is the lock that puts concurrent revocations of one grant in a row.
 */
export async function deleteGrant(tx: Tx, grantId: Buffer): Promise<RevokedGrant | undefined> {
  const rows = await tx.query<RevokedGrant>(sql`
    DELETE FROM oidc_record WHERE model = 'Grant' AND id = ${grantId}
    RETURNING id, account_id AS "accountId", client_id AS "clientId"`);
  await tx.execute(sql`DELETE FROM oidc_record WHERE grant_id = ${grantId}`);
  return rows[0];
}

/** How many sign-ins of one person are listed or ended at once; nobody has more devices, an attacker may pretend to. */
export const GRANTS_OF_PERSON_MAX = 200;

export interface GrantRow {
  readonly id: Buffer;
  readonly clientId: string;
  readonly device: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When the last code or token of it was stored: a client that rotates its refresh tokens leaves one at each use. */
  readonly usedAt: Date;
}

/** A person's living grants, the newest first. */
export function grantsOfAccount(on: Executor, accountId: string): Promise<GrantRow[]> {
  return on.query<GrantRow>(sql`
    SELECT g.id, g.client_id AS "clientId", g.device, g.created_at AS "createdAt", g.expires_at AS "expiresAt",
           greatest(g.created_at, (SELECT max(r.created_at) FROM oidc_record r WHERE r.grant_id = g.id)) AS "usedAt"
      FROM oidc_record g WHERE g.model = 'Grant' AND g.account_id = ${accountId} AND g.expires_at > now()
     ORDER BY g.created_at DESC, g.id LIMIT ${GRANTS_OF_PERSON_MAX}`);
}

/** Whether a living grant is this person's. */
export async function isGrantOf(on: Executor, grantId: Buffer, accountId: string): Promise<boolean> {
  const rows = await on.query(sql`
    SELECT 1 FROM oidc_record
     WHERE model = 'Grant' AND id = ${grantId} AND account_id = ${accountId} AND expires_at > now()`);
  return rows.length === 1;
}

/** Deletes up to `limit` expired records; answers how many. */
export function purgeRecords(on: Executor, limit: number): Promise<number> {
  return on.execute(sql`
    DELETE FROM oidc_record WHERE (model, id) IN (
      SELECT model, id FROM oidc_record WHERE expires_at <= now() ORDER BY expires_at LIMIT ${limit}
      FOR UPDATE SKIP LOCKED)`);
}

/** What a payload is bound to. */
export function payloadContext(model: string, id: Buffer): string {
  return `oidc_record.payload|${model}:${id.toString('base64url')}`;
}

/** What is sealed here, for when a key changed. */
export const OIDC_RECORD_SEALED: SealedColumn = {
  table: 'oidc_record',
  column: 'payload_sealed',
  key: ['model', 'id'],
  context: (row) => payloadContext(String(row['model']), row['id'] as Buffer),
};
