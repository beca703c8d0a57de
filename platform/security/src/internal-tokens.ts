import { randomUUID } from 'node:crypto';
import type { ServiceName } from '@florin/contracts';
import { type Clock, invariant } from '@florin/primitives';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { claimsOf, type Principal } from './principal.ts';

export const INTERNAL_TOKEN_TYPE = 'florin-internal+jwt';

/** Who may mint internal tokens: the gateway for people, a service for itself or on behalf of a person. */
export type InternalIssuer = 'gateway' | ServiceName;

const LIFETIME_SECONDS = 60;
/** Half the lifetime, so a token that is handed out is good for at least another 30 s. */
const REUSED_FOR_MS = 30_000;
const MINTED_MAX = 10_000;

export interface InternalTokens {
  /** A token that says to `audience` who is asking: lives 60 s, made once per 30 s for the same principal, each with an id. */
  mint(principal: Principal, audience: ServiceName): Promise<string>;
}

interface Minted {
  readonly token: Promise<string>;
  untilMs: number;
}

/**
 * Mints what services trust instead of headers. The key's id starts with the name of its issuer (`newInternalKey`
 * makes it so), which is how a verifier knows that the accounts service did not speak as the gateway.
 */
export function createInternalTokenMinter(options: {
  readonly privateJwk: JWK;
  readonly issuer: InternalIssuer;
  readonly clock: Clock;
}): InternalTokens {
  const { privateJwk, issuer, clock } = options;
  const keyId = privateJwk.kid;
  invariant(keyId !== undefined && issuerOfKey(keyId) === issuer, `the internal key of ${issuer} is another's`);
  const key = importJWK(privateJwk, 'ES256');
  const minted = new LRUCache<string, Minted>({ max: MINTED_MAX });
  // The same principal object comes back for every request of one access token, so most answers are found here.
  const byPrincipal = new WeakMap<Principal, Partial<Record<ServiceName, Minted>>>();

  function mintOnce(principal: Principal, audience: ServiceName, nowMs: number): Minted {
    const cacheKey = JSON.stringify([audience, principal.subject, claimsOf(principal)]);
    const known = minted.get(cacheKey);
    if (known !== undefined && known.untilMs > nowMs) return known;
    const token = sign(key, { keyId: keyId ?? '', issuer, audience, principal, nowMs });
    const fresh: Minted = { token, untilMs: nowMs + REUSED_FOR_MS };
    minted.set(cacheKey, fresh);
    // A failure must not be handed out for 30 s.
    token.catch(() => {
      fresh.untilMs = 0;
    });
    return fresh;
  }

  return {
    mint(principal, audience) {
      const nowMs = clock();
      let byAudience = byPrincipal.get(principal);
      if (byAudience === undefined) {
        byAudience = {};
        byPrincipal.set(principal, byAudience);
      }
      const known = byAudience[audience];
      if (known !== undefined && known.untilMs > nowMs) return known.token;
      const fresh = mintOnce(principal, audience, nowMs);
      byAudience[audience] = fresh;
      return fresh.token;
    },
  };
}

async function sign(
  key: Promise<CryptoKey | Uint8Array>,
  claims: {
    readonly keyId: string;
    readonly issuer: InternalIssuer;
    readonly audience: ServiceName;
    readonly principal: Principal;
    readonly nowMs: number;
  },
): Promise<string> {
  const nowSeconds = Math.floor(claims.nowMs / 1_000);
  return new SignJWT(claimsOf(claims.principal))
    .setProtectedHeader({ alg: 'ES256', typ: INTERNAL_TOKEN_TYPE, kid: claims.keyId })
    .setIssuer(claims.issuer)
    .setSubject(claims.principal.subject)
    .setAudience(claims.audience)
    .setJti(randomUUID())
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + LIFETIME_SECONDS)
    .sign(await key);
}

/** A new key pair for one issuer. `keyId` tells its keys apart while one replaces another. */
export async function newInternalKey(
  issuer: InternalIssuer,
  keyId = '1',
): Promise<{ readonly privateJwk: JWK; readonly publicJwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const named = { kid: `${issuer}/${keyId}`, alg: 'ES256', use: 'sig' };
  return {
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
  };
}

/** Whose key this is: what stands before the slash of its id. */
export function issuerOfKey(keyId: string): string {
  return keyId.split('/', 1)[0] ?? '';
}
