import type { ServiceName } from '@florin/contracts';
import type { Clock } from '@florin/primitives';
import { type CryptoKey, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { INTERNAL_TOKEN_TYPE, issuerOfKey } from './internal-tokens.ts';
import { importKeys } from './key-set.ts';
import { ANONYMOUS, type Principal, personOf } from './principal.ts';
import { CLOCK_SKEW_SECONDS, keyIdOf } from './token-header.ts';

const VERIFIED_MAX = 10_000;

export interface InternalTokenVerifier {
  /** Undefined for a token that is not good; answers at once when the same token was verified before. */
  verify(token: string): Principal | undefined | Promise<Principal | undefined>;
}

interface Verified {
  readonly principal: Principal;
  readonly untilMs: number;
}

/**
 * Verifies what the gateway and other services minted for this service (`audience`). The issuer must be the one whose
 * key signed it, and may speak only as itself: `kind: service` needs the subject `service:<issuer>`. A person can
 * never have such a subject, so nothing the gateway carries for people passes for a service.
 */
export function createInternalTokenVerifier(options: {
  readonly publicJwks: JSONWebKeySet;
  readonly audience: ServiceName;
  readonly clock: Clock;
}): InternalTokenVerifier {
  const { audience, clock } = options;
  const keys = importKeys(options.publicJwks);
  const verified = new LRUCache<string, Verified>({ max: VERIFIED_MAX });

  async function check(token: string, keyId: string): Promise<Principal | undefined> {
    const key = (await keys).get(keyId);
    if (key === undefined) return undefined;
    const payload = await verifiedPayload(token, key, { issuer: issuerOfKey(keyId), audience, nowMs: clock() });
    const principal = payload && principalOf(payload);
    if (principal !== undefined) verified.set(token, { principal, untilMs: (payload?.exp ?? 0) * 1_000 });
    return principal;
  }

  return {
    verify(token) {
      const known = verified.get(token);
      if (known !== undefined && known.untilMs > clock()) return known.principal;
      const keyId = keyIdOf(token, INTERNAL_TOKEN_TYPE);
      return keyId === undefined ? undefined : check(token, keyId);
    },
  };
}

async function verifiedPayload(
  token: string,
  key: CryptoKey,
  expected: { readonly issuer: string; readonly audience: ServiceName; readonly nowMs: number },
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['ES256'],
      typ: INTERNAL_TOKEN_TYPE,
      issuer: expected.issuer,
      audience: expected.audience,
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(expected.nowMs),
      requiredClaims: ['sub', 'exp', 'iat', 'jti', 'kind'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function principalOf(payload: JWTPayload): Principal | undefined {
  switch (payload['kind']) {
    case 'person':
      return personOf(payload);
    case 'anonymous':
      return payload.sub === ANONYMOUS.subject ? ANONYMOUS : undefined;
    case 'service':
      return payload.sub === `service:${payload.iss}`
        ? { subject: payload.sub, kind: 'service', roles: [] }
        : undefined;
    default:
      return undefined;
  }
}
