import type { SealedColumn } from '@florin/data-keys';
import { type Executor, sql } from '@florin/postgres';
import type { Vault } from '../domain/vault.ts';

/** A rotation has two or three; more were forgotten. */
const KEYS_MAX = 10;

const context = (kid: string): string => `signing_key.private|${kid}`;

/** The private keys as JSON Web Keys in text, by position. */
export async function readSigningKeys(on: Executor, vault: Vault): Promise<readonly string[]> {
  const rows = await on.query<{ kid: string; privateSealed: Buffer }>(sql`
    SELECT kid, private_sealed AS "privateSealed" FROM signing_key ORDER BY position LIMIT ${KEYS_MAX}`);
  return rows.map((row) => vault.open(row.privateSealed, context(row.kid)));
}

/** Stores a key at a position, unless another instance was faster. */
export async function insertSigningKey(
  on: Executor,
  vault: Vault,
  key: { readonly kid: string; readonly position: number; readonly privateJwk: string },
): Promise<void> {
  await on.execute(sql`
    INSERT INTO signing_key (kid, position, private_sealed)
    VALUES (${key.kid}, ${key.position}, ${vault.seal(key.privateJwk, context(key.kid))})
    ON CONFLICT ON CONSTRAINT signing_key_position DO NOTHING`);
}

/** What this file seals, for when a key changed. */
export const SIGNING_KEY_SEALED: SealedColumn = {
  table: 'signing_key',
  column: 'private_sealed',
  key: ['kid'],
  context: (row) => context(String(row['kid'])),
};
