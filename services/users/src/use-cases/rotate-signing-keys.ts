import type { Database, Tx } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import type { Vault } from '../domain/vault.ts';
import { insertSigningKey, lockSigningKeys, retireSigningKey } from '../repositories/signing-keys.ts';
import { newSigningKey } from './load-signing-keys.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  newKeyId(): string;
}

/** Every instance has loaded a key by then: they look twice a minute. */
const PUBLISHED_FIRST_SECONDS = 2 * 60;

/**
 * Changes the key that the issuer signs with: the one that was published ahead takes over, a new one is published in its
 * place, and the old one stays published until the last token it signed has expired. An instance that has not heard of it
 * yet signs with the old one, which everybody still knows. `too-soon` while the next key is not known everywhere.
 */
export async function rotateSigningKeys(
  deps: Deps,
): Promise<Result<{ readonly signsNow: string }, { readonly code: 'too-soon' }>> {
  return deps.database.transaction((tx) => rotate(tx, deps));
}

async function rotate(tx: Tx, deps: Deps): ReturnType<typeof rotateSigningKeys> {
  const [signing, next] = await lockSigningKeys(tx);
  if (signing === undefined || next === undefined || next.ageSeconds < PUBLISHED_FIRST_SECONDS) {
    return fail({ code: 'too-soon' });
  }
  await retireSigningKey(tx, signing.kid);
  await insertSigningKey(tx, deps.vault, await newSigningKey(deps.newKeyId(), next.position + 1));
  return ok({ signsNow: next.kid });
}

/** How long one key signs. */
const SIGNS_FOR_SECONDS = 90 * 24 * 60 * 60;

/** Changes the key when it has signed for long enough; of any number of instances, one does. */
export async function rotateWhenDue(deps: Deps): Promise<void> {
  await deps.database.transaction(async (tx) => {
    // The next one was made when this one began to sign.
    const [, next] = await lockSigningKeys(tx);
    if (next !== undefined && next.ageSeconds > SIGNS_FOR_SECONDS) await rotate(tx, deps);
  });
}
