import { hash } from 'node:crypto';
import type { Clock } from '@florin/primitives';
import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, errors, type JWK, jwtVerify } from 'jose';

/** How far the clock of a client may be from ours (RFC 9449 section 11.1). */
const PROOF_AGE_MAX_SECONDS = 60;
/** The whole of the time in which one proof can pass, and the second in which it ends. */
export const PROOF_REMEMBERED_SECONDS = 2 * PROOF_AGE_MAX_SECONDS + 1;
/** What proofs may be signed with: what FAPI 2.0 allows (section 5.4.1). */
export const PROOF_ALGORITHMS = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];

const PROOF_TYPE = 'dpop+jwt';
/** A proof with an RSA key of 4096 bits is under 2 KiB. */
const PROOF_LENGTH_MAX = 4_096;
const PRIVATE_PARTS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'];

/** What a request has to be to fit a proof. */
export interface ProvenRequest {
  readonly method: string;
  /** Where we are, with the path as it came; its query does not count. */
  readonly url: string;
  readonly accessToken: string;
  /** Of the key the token is bound to. */
  readonly keyThumbprint: string;
}

export interface ProofVerifier {
  /** Whether a proof is good for this request, and comes for the first time. */
  verify(proof: string, request: ProvenRequest): Promise<boolean>;
}

/**
 * Verifies DPoP proofs as RFC 9449 section 4.3 asks: type, algorithm, the signature by the key in the header, which is the
 * one of the token and has no private part; `htm`, `htu`, `ath`; `iat` within 60 s of now; and a `jti` that did not come
 * before. `isFirst` remembers what it is given for `PROOF_REMEMBERED_SECONDS`, for every instance.
 */
export function createProofVerifier(options: {
  readonly clock: Clock;
  readonly isFirst: (proofId: string) => Promise<boolean>;
}): ProofVerifier {
  return {
    async verify(proof, request) {
      const proofId = await provenId(proof, request, options.clock());
      return proofId !== undefined && options.isFirst(proofId);
    },
  };
}

async function provenId(proof: string, request: ProvenRequest, nowMs: number): Promise<string | undefined> {
  if (proof.length > PROOF_LENGTH_MAX) return undefined;
  try {
    const jwk = keyIn(proof);
    if (jwk === undefined || (await calculateJwkThumbprint(jwk, 'sha256')) !== request.keyThumbprint) return undefined;
    const { payload } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: PROOF_ALGORITHMS,
      typ: PROOF_TYPE,
      currentDate: new Date(nowMs),
      clockTolerance: PROOF_AGE_MAX_SECONDS,
      requiredClaims: ['jti', 'iat'],
    });
    const { jti, iat } = payload;
    if (typeof jti !== 'string' || jti === '' || iat === undefined) return undefined;
    if (Math.abs(nowMs / 1_000 - iat) > PROOF_AGE_MAX_SECONDS) return undefined;
    if (payload['htm'] !== request.method || !isSameAddress(payload['htu'], request.url)) return undefined;
    if (payload['ath'] !== hash('sha256', request.accessToken, 'base64url')) return undefined;
    return `${request.keyThumbprint}.${hash('sha256', jti, 'base64url')}`;
  } catch (error) {
    // A key that can not be imported is a DataError or a TypeError of WebCrypto; it comes from the caller as the rest does.
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException)
      return undefined;
    throw error;
  }
}

/** The public key that a proof brings; undefined when there is none, or a secret one. */
function keyIn(proof: string): JWK | undefined {
  const { jwk } = decodeProtectedHeader(proof);
  if (typeof jwk !== 'object' || jwk === null) return undefined;
  return PRIVATE_PARTS.some((part) => Object.hasOwn(jwk, part)) ? undefined : jwk;
}

/** Compared after normalisation (RFC 3986 sections 6.2.2 and 6.2.3), without query and fragment (RFC 9449 section 4.3). */
function isSameAddress(said: unknown, asked: string): boolean {
  const one = typeof said === 'string' ? URL.parse(said) : null;
  const other = URL.parse(asked);
  if (one === null || other === null) return false;
  return one.origin === other.origin && one.pathname === other.pathname && one.username === '' && one.password === '';
}
