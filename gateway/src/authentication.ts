import { mayAny } from '@florin/contracts';
import { isOpenTo } from '@florin/http';
import {
  type AccessTokenVerifier,
  type Denylist,
  PROOF_ALGORITHMS,
  type ProofVerifier,
  type VerifiedAccessToken,
} from '@florin/security';
import { type Credentials, type CrossSiteEvidence, crossSiteRefusal } from './credentials.ts';
import type { Refusal } from './problems.ts';
import type { GatewayRoute } from './routing-table.ts';
import type { WebSessions } from './web-sessions.ts';

/** What the gateway authenticates with. */
export interface Authentication {
  readonly accessTokens: AccessTokenVerifier;
  readonly proofs: ProofVerifier;
  readonly denylist: Denylist;
  readonly sessions: WebSessions;
  readonly publicOrigin: string;
}

/** What a request is, besides its credentials: for the cross-site check, and for the proof of a key. */
export interface RequestEvidence extends CrossSiteEvidence {
  /** As it came, with its query. */
  readonly path: string;
}

export type Authenticated = { readonly token: VerifiedAccessToken } | { readonly refusal: Refusal };

const AMBIGUOUS: Authenticated = { refusal: { code: 'ambiguous-credentials' } };
const NOT_SIGNED_IN: Authenticated = unauthenticated('Bearer');
// RFC 6750 section 3.1: the error is named only when a token was sent.
const INVALID_TOKEN: Authenticated = unauthenticated('Bearer error="invalid_token"');
// RFC 9449 section 7.1.
const PROOF_HINT = `algs="${PROOF_ALGORITHMS.join(' ')}"`;
const INVALID_BOUND_TOKEN: Authenticated = unauthenticated(`DPoP error="invalid_token", ${PROOF_HINT}`);
const INVALID_PROOF: Authenticated = unauthenticated(`DPoP error="invalid_dpop_proof", ${PROOF_HINT}`);

function unauthenticated(challenge: string): Authenticated {
  return { refusal: { code: 'unauthenticated', headers: { 'www-authenticate': challenge } } };
}

/**
 * Who sends a request that needs somebody. Answers at once for a token that was verified within the last 30 s; the
 * denylist is asked every time. Fails with `unauthenticated`, `ambiguous-credentials` or `csrf-refused`; throws a
 * retryable Fault when the issuer's keys or the session cannot be fetched.
 */
export function authenticate(
  deps: Authentication,
  credentials: Credentials,
  evidence: RequestEvidence,
): Authenticated | Promise<Authenticated> {
  switch (credentials.kind) {
    case 'none':
      return NOT_SIGNED_IN;
    case 'unusable':
      return INVALID_TOKEN;
    case 'ambiguous':
      return AMBIGUOUS;
    case 'bearer': {
      const token = deps.accessTokens.verify(credentials.token);
      return token instanceof Promise ? token.then((one) => allowed(deps, one)) : allowed(deps, token);
    }
    case 'dpop':
      return authenticateBound(deps, credentials, evidence);
    case 'cookie':
      return authenticateCookie(deps, credentials.cookie, evidence);
  }
}

function allowed(deps: Authentication, token: VerifiedAccessToken | undefined): Authenticated {
  if (!isGood(deps, token)) return INVALID_TOKEN;
  // Whoever has copied a token that is bound to a key would get round the key by calling it a Bearer token.
  return token.keyThumbprint === undefined ? { token } : INVALID_BOUND_TOKEN;
}

function isGood(deps: Authentication, token: VerifiedAccessToken | undefined): token is VerifiedAccessToken {
  return token !== undefined && !deps.denylist.isRevoked(token, token.issuedAtSeconds);
}

async function authenticateBound(
  deps: Authentication,
  credentials: { readonly token: string; readonly proof: string | undefined },
  { method = '', path }: RequestEvidence,
): Promise<Authenticated> {
  const token = await deps.accessTokens.verify(credentials.token);
  if (!isGood(deps, token) || token.keyThumbprint === undefined) return INVALID_BOUND_TOKEN;
  if (credentials.proof === undefined) return INVALID_PROOF;
  const request = {
    method,
    url: `${deps.publicOrigin}${path}`,
    accessToken: credentials.token,
    keyThumbprint: token.keyThumbprint,
  };
  return (await deps.proofs.verify(credentials.proof, request)) ? { token } : INVALID_PROOF;
}

async function authenticateCookie(
  deps: Authentication,
  cookie: string,
  evidence: CrossSiteEvidence,
): Promise<Authenticated> {
  const { sessions, accessTokens } = deps;
  let session = await sessions.find(cookie);
  if (session === undefined) return NOT_SIGNED_IN;
  const refusal = crossSiteRefusal(evidence, { origin: deps.publicOrigin, csrf: session.csrf });
  if (refusal !== undefined) return { refusal };

  let token = await accessTokens.verify(session.accessToken);
  if (token === undefined) {
    // The token we remembered has expired since; the users service has refreshed it or ended the session.
    sessions.forget(cookie);
    session = await sessions.find(cookie);
    token = session === undefined ? undefined : await accessTokens.verify(session.accessToken);
  }
  return allowed(deps, token);
}

const FORBIDDEN: Refusal = {
  code: 'forbidden',
  headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
};

/**
 * Whether a role may use what the gateway answers itself. What a service answers is for the service to refuse: it has the
 * outbox that a denied request goes on record with (decision 0021), and the limit of the caller is taken before.
 */
export function accessRefusal(route: GatewayRoute, token: VerifiedAccessToken): Refusal | undefined {
  const { access } = route;
  if (access.kind === 'public') return undefined;
  if (access.kind === 'internal' || !isOpenTo(route.thirdParty, token)) return FORBIDDEN;
  return mayAny(token.roles, access.permissions) ? undefined : FORBIDDEN;
}
