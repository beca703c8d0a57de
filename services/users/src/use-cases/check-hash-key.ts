import type { Database } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import type { Vault } from '../domain/vault.ts';
import { noteHashKey } from '../repositories/hash-key.ts';

/**
 * Stops a service whose setting holds another key than the one its keyed hashes were made with: it would find nobody, and
 * take addresses that are taken. Throws the Fault `key-wrong`.
 */
export async function checkHashKey(database: Database, vault: Vault): Promise<void> {
  if (await noteHashKey(database, vault.fingerprint)) return;
  throw new Fault(
    'key-wrong',
    'FLORIN_USERS_KEY is not the key that the keyed hashes of the users database are made with',
  );
}
