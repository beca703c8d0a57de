import type { Clock } from '@florin/primitives';
import { errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { createKeySet, type KeySet } from './key-set.ts';
import { type Principal, personOf } from './principal.ts';
import { thirdPartyOf } from './third-party.ts';
import { CLOCK_SKEW_SECONDS, keyIdOf } from './token-header.ts';

const ACCESS_TOKEN_TYPE = 'at+jwt';
const REQUIRED_CLAIMS = ['sub', 'exp', 'iat', 'jti', 'client_id', 'aud'];
const VERIFIED_MAX = 10_000;
const VERIFIED_FOR_MS = 30_000;

/** A person and what else their access token says. */
export interface VerifiedAccessToken extends Principal {
  readonly tokenId: string;
  readonly issuedAtSeconds: number;
  readonly expiresAtSeconds: number;
  /** The key this token is bound to (RFC 9449 section 6, `cnf.jkt`): only with a proof of that key is it good. */
  readonly keyThumbprint?: string;
}

export interface AccessTokenVerifier {
  /**
   * Undefined for a token that is not good, whatever the reason. Answers at once when the same token was verified
   * less than 30 s ago. Rejects with a retryable Fault when the keys of the issuer cannot be fetched. Whether the
   * token was revoked since is not looked at: the caller asks the denylist after every answer.
   */
  verify(token: string): VerifiedAccessToken | undefined | Promise<VerifiedAccessToken | undefined>;
}

interface Verified {
  readonly token: VerifiedAccessToken;
  readonly untilMs: number;
}

/**
 * Verifies access tokens as RFC 9068 section 4 asks: type `at+jwt`, ES256 only, issuer, audience, times with 5 s of
 * skew, and sub, iat, jti, client_id present. A signature check takes about 250 us of a core, so a good token is
 * remembered for 30 s or until it expires, and parallel first uses share one check. The key is the whole token: a
 * digest of it would cost each request more than all other lookups together and hide nothing, since the token is in
 * the memory of this process anyway.
 */
export function createAccessTokenVerifier(options: {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: () => Promise<JSONWebKeySet>;
  readonly clock: Clock;
}): AccessTokenVerifier {
  const { clock } = options;
  const keys = createKeySet(options.jwks, clock);
  const verified = new LRUCache<string, Verified>({ max: VERIFIED_MAX });
  const checking = new Map<string, Promise<VerifiedAccessToken | undefined>>();

  async function check(token: string): Promise<VerifiedAccessToken | undefined> {
    try {
      const good = await verifyAccessToken(token, keys, options);
      if (good !== undefined) {
        const untilMs = Math.min(good.expiresAtSeconds * 1_000, clock() + VERIFIED_FOR_MS);
        verified.set(token, { token: good, untilMs });
      }
      return good;
    } finally {
      checking.delete(token);
    }
  }

  return {
    verify(token) {
      const known = verified.get(token);
      if (known !== undefined && known.untilMs > clock()) return known.token;
      const running = checking.get(token);
      if (running !== undefined) return running;
      const keyId = keyIdOf(token, ACCESS_TOKEN_TYPE);
      if (keyId === undefined) return undefined;
      // Bounded by the requests in flight: an entry leaves when its check ends.
      const started = check(token);
      checking.set(token, started);
      return started;
    },
  };
}

async function verifyAccessToken(
  token: string,
  keys: KeySet,
  options: { readonly issuer: string; readonly audience: string; readonly clock: Clock },
): Promise<VerifiedAccessToken | undefined> {
  const key = await keys.find(keyIdOf(token, ACCESS_TOKEN_TYPE) ?? '');
  if (key === undefined) return undefined;
  const nowMs = options.clock();
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['ES256'],
      typ: ACCESS_TOKEN_TYPE,
      issuer: options.issuer,
      audience: options.audience,
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(nowMs),
      requiredClaims: REQUIRED_CLAIMS,
    });
    const { iat, exp, jti } = payload;
    if (typeof payload['client_id'] !== 'string' || typeof jti !== 'string') return undefined;
    if (iat === undefined || exp === undefined || iat > nowMs / 1_000 + CLOCK_SKEW_SECONDS) return undefined;
    // What only the gateway says of a program in internal tokens is worth nothing here.
    const { third_party: _, ...claims } = payload;
    const person = personOf(claims);
    const thirdParty = thirdPartyOf(claims);
    const keyThumbprint = thumbprintIn(claims['cnf']);
    if (person === undefined || thirdParty === 'unreadable' || keyThumbprint === 'unreadable') return undefined;
    return {
      ...person,
      ...(thirdParty && { thirdParty }),
      tokenId: jti,
      issuedAtSeconds: iat,
      expiresAtSeconds: exp,
      ...(keyThumbprint !== undefined && { keyThumbprint }),
    };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** A token that is bound to something we can not check is good for nobody. */
function thumbprintIn(confirmation: unknown): string | 'unreadable' | undefined {
  if (confirmation === undefined) return undefined;
  const jkt = typeof confirmation === 'object' && confirmation !== null && 'jkt' in confirmation && confirmation.jkt;
  return typeof jkt === 'string' ? jkt : 'unreadable';
}
