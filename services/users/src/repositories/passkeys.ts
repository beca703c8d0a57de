import type { SealedColumn } from '@florin/data-keys';
import { type Executor, sql } from '@florin/postgres';
import type { Passkey } from '../domain/factors.ts';
import type { Vault } from '../domain/vault.ts';
import { ownKeyOf } from './people.ts';

/** More than anyone carries; also what a sign-in lists for the authenticator to choose from. */
export const PASSKEYS_MAX = 10;

/** What a signature is checked with. */
export interface Credential {
  readonly passkeyId: string;
  readonly personId: string;
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
}

const nameContext = (id: string): string => `passkey.name|${id}`;

/** Stores a passkey; false when its credential is somebody's already. */
export async function insertPasskey(
  on: Executor,
  vault: Vault,
  { name, ...credential }: Credential & { readonly name: string },
): Promise<boolean> {
  const own = await ownKeyOf(on, vault, credential.personId);
  if (own === undefined) return false;
  const inserted = await on.execute(sql`
    INSERT INTO passkey (id, person_id, credential_id, public_key, counter, transports, name_sealed)
    VALUES (${credential.passkeyId}, ${credential.personId}, ${credential.credentialId}, ${credential.publicKey},
            ${credential.counter}, ${credential.transports}::text[],
            ${own.seal(name, nameContext(credential.passkeyId))})
    ON CONFLICT ON CONSTRAINT passkey_credential_taken DO NOTHING`);
  return inserted === 1;
}

/** A person's passkeys, the oldest first. */
export async function listPasskeys(on: Executor, vault: Vault, personId: string): Promise<readonly Passkey[]> {
  const rows = await on.query<{ id: string; nameSealed: Buffer; createdAt: Date; lastUsedAt: Date | null }>(sql`
    SELECT id, name_sealed AS "nameSealed", created_at AS "createdAt", last_used_at AS "lastUsedAt"
      FROM passkey WHERE person_id = ${personId} ORDER BY created_at, id LIMIT ${PASSKEYS_MAX}`);
  const own = rows.length === 0 ? undefined : await ownKeyOf(on, vault, personId);
  if (own === undefined) return [];
  return rows.map((row) => ({
    id: row.id,
    name: own.open(row.nameSealed, nameContext(row.id)),
    createdAtMs: row.createdAt.getTime(),
    lastUsedAtMs: row.lastUsedAt?.getTime(),
  }));
}

const CREDENTIAL_COLUMNS = sql`
  id AS "passkeyId", person_id AS "personId", credential_id AS "credentialId", public_key AS "publicKey",
  counter::float8 AS counter, transports`;

export function credentialsOf(on: Executor, personId: string): Promise<Credential[]> {
  return on.query<Credential>(sql`
    SELECT ${CREDENTIAL_COLUMNS} FROM passkey WHERE person_id = ${personId}
     ORDER BY created_at, id LIMIT ${PASSKEYS_MAX}`);
}

/** The credential of this id, when whoever has it is an active person. */
export async function findCredentialById(on: Executor, credentialId: Buffer): Promise<Credential | undefined> {
  const rows = await on.query<Credential>(sql`
    SELECT ${CREDENTIAL_COLUMNS} FROM passkey k WHERE credential_id = ${credentialId}
       AND EXISTS (SELECT FROM person p WHERE p.id = k.person_id AND p.status = 'active')`);
  return rows[0];
}

/**
 * Notes a use; false when the counter did not rise, as after a copy of the authenticator was used, or the passkey was
 * removed. Those that do not count say 0 each time (WebAuthn Level 3, section 6.1.1).
 */
export async function notePasskeyUse(on: Executor, passkeyId: string, counter: number): Promise<boolean> {
  const noted = await on.execute(sql`
    UPDATE passkey SET counter = ${counter}, last_used_at = now()
     WHERE id = ${passkeyId} AND (counter < ${counter} OR (counter = 0 AND ${counter} = 0))`);
  return noted === 1;
}

/** False when this passkey is not the person's. */
export async function deletePasskey(on: Executor, personId: string, passkeyId: string): Promise<boolean> {
  const deleted = await on.execute(sql`DELETE FROM passkey WHERE id = ${passkeyId} AND person_id = ${personId}`);
  return deleted === 1;
}

/** What this file seals, for when a key changed. */
export const PASSKEY_SEALED: SealedColumn = {
  table: 'passkey',
  column: 'name_sealed',
  key: ['id'],
  customer: 'person_id',
  context: (row) => nameContext(String(row['id'])),
};
