import type { SealedColumn } from '@florin/data-keys';
import { type Executor, sql, type Tx } from '@florin/postgres';
import type { Vault } from '../domain/vault.ts';

/** Two, and those that were changed within the life of a token. */
const KEYS_MAX = 10;

const context = (kid: string): string => `signing_key.private|${kid}`;

/** The private keys as JSON Web Keys in text: the one that signs, the next, and those that sign no more. */
export async function readSigningKeys(on: Executor, vault: Vault): Promise<readonly string[]> {
  const rows = await on.query<{ kid: string; privateSealed: Buffer }>(sql`
    SELECT kid, private_sealed AS "privateSealed" FROM signing_key
     ORDER BY retired_at IS NOT NULL, position LIMIT ${KEYS_MAX}`);
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
export interface KeyInUse {
  readonly kid: string;
  readonly position: number;
  readonly ageSeconds: number;
}

/** The keys that are not retired, the signing one first; whoever asks next waits until this transaction ends. */
export function lockSigningKeys(tx: Tx): Promise<readonly KeyInUse[]> {
  return tx.query<KeyInUse>(sql`
    SELECT kid, position, extract(epoch FROM now() - created_at)::float8 AS "ageSeconds"
      FROM signing_key WHERE retired_at IS NULL ORDER BY position LIMIT ${KEYS_MAX} FOR UPDATE`);
}

export async function retireSigningKey(tx: Tx, kid: string): Promise<void> {
  await tx.execute(sql`UPDATE signing_key SET retired_at = now() WHERE kid = ${kid}`);
}

/** Deletes keys whose last token has expired: it lived five minutes, and an instance may have signed half a minute longer. */
export function purgeSigningKeys(on: Executor): Promise<number> {
  return on.execute(sql`DELETE FROM signing_key WHERE retired_at < now() - interval '15 minutes'`);
}
