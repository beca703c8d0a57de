import { type Clock, Fault } from '@florin/primitives';
import { type CryptoKey, importJWK, type JSONWebKeySet } from 'jose';

/** An unknown key id fetches the keys again, but not more often than this: made-up key ids must cost nothing. */
const REFETCH_COOLDOWN_MS = 30_000;
/** After a fetch that failed. Shorter, because nobody can sign in until it succeeds. */
const RETRY_COOLDOWN_MS = 1_000;
/** A key the issuer took back is forgotten at the latest after this. */
const KEYS_AGE_MAX_MS = 10 * 60_000;
/** A key set is a handful of keys; what is beyond is not read. */
const KEYS_MAX = 20;

/** The ES256 keys of an issuer, kept between fetches. */
export interface KeySet {
  /** The key of this id. Undefined when the issuer has none; rejects with a retryable Fault when it cannot be asked. */
  find(keyId: string): Promise<CryptoKey | undefined>;
}

/** Keeps the keys that `fetchKeys` answers; however many ask for an unknown one, it is called once per 30 s. */
export function createKeySet(fetchKeys: () => Promise<JSONWebKeySet>, clock: Clock): KeySet {
  let keys = new Map<string, CryptoKey>();
  let fetchedAtMs = Number.NEGATIVE_INFINITY;
  let nextFetchAtMs = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  async function load(): Promise<void> {
    nextFetchAtMs = clock() + RETRY_COOLDOWN_MS;
    keys = await importKeys(await fetchKeys());
    fetchedAtMs = clock();
    nextFetchAtMs = fetchedAtMs + REFETCH_COOLDOWN_MS;
  }

  function refresh(): Promise<void> {
    fetching ??= load().finally(() => {
      fetching = undefined;
    });
    return fetching;
  }

  return {
    async find(keyId) {
      const isStale = clock() - fetchedAtMs > KEYS_AGE_MAX_MS;
      if ((isStale || !keys.has(keyId)) && (fetching !== undefined || clock() >= nextFetchAtMs)) {
        try {
          await refresh();
        } catch (cause) {
          // A known key keeps working while the issuer is away; an unknown one can be neither trusted nor refused.
          if (!keys.has(keyId)) throw keysUnavailable(cause);
        }
      }
      if (keys.size === 0) throw keysUnavailable();
      return keys.get(keyId);
    },
  };
}

function keysUnavailable(cause?: unknown): Fault {
  const options = { retryable: true, retryAfterSeconds: 1 };
  return new Fault(
    'signing-keys-unavailable',
    'the keys of the token issuer could not be fetched',
    cause === undefined ? options : { ...options, cause },
  );
}

/** The ES256 verification keys of a set, by key id; keys of other kinds and without an id are passed over. */
export async function importKeys(set: JSONWebKeySet): Promise<Map<string, CryptoKey>> {
  const keys = new Map<string, CryptoKey>();
  for (const jwk of set.keys.slice(0, KEYS_MAX)) {
    if (jwk.kid === undefined || jwk.kty !== 'EC' || jwk.crv !== 'P-256') continue;
    if ((jwk.use ?? 'sig') !== 'sig' || (jwk.alg ?? 'ES256') !== 'ES256') continue;
    // Only the public half, should a private key ever be handed in by mistake.
    const { kty, crv, x, y } = jwk;
    const key = await importJWK({ kty, crv, ...(x !== undefined && { x }), ...(y !== undefined && { y }) }, 'ES256');
    if (!(key instanceof Uint8Array)) keys.set(jwk.kid, key);
  }
  return keys;
}
