import type { Database } from '@florin/postgres';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import type { Vault } from '../domain/vault.ts';
import { insertSigningKey, readSigningKeys } from '../repositories/signing-keys.ts';

/** One signs, one is published ahead of its turn, so that a change of keys surprises nobody's cache. */
const KEYS_AT_FIRST = 2;

/**
 * The keys tokens are signed with, the signing one first; made when there are none. Of several instances that start at
 * once on an empty database one makes each key, and all load the same.
 */
export async function loadSigningKeys(database: Database, vault: Vault, newKeyId: () => string): Promise<JWK[]> {
  const stored = await readSigningKeys(database, vault);
  if (stored.length > 0) return stored.map((key) => JSON.parse(key));
  // One transaction: an instance that starts meanwhile sees both keys or none.
  await database.transaction(async (tx) => {
    for (let position = 1; position <= KEYS_AT_FIRST; position += 1) {
      await insertSigningKey(tx, vault, await newSigningKey(newKeyId(), position));
    }
  });
  return (await readSigningKeys(database, vault)).map((key) => JSON.parse(key));
}

export async function newSigningKey(kid: string, position: number) {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    kid,
    position,
    privateJwk: JSON.stringify({ ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' }),
  };
}

/** What others verify with: the same keys without their private part. */
export function publicKeys(keys: readonly JWK[]): JSONWebKeySet {
  return { keys: keys.map(({ d: _private, ...published }) => published as JWK & { kty: string }) };
}
