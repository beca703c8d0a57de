import type { AccessTokenVerifier, Denylist, VerifiedAccessToken } from '@florin/security';
import { type Credentials, type CrossSiteEvidence, crossSiteRefusal } from './credentials.ts';
import type { Refusal } from './problems.ts';
import type { GatewayRoute } from './routing-table.ts';
import type { WebSessions } from './web-sessions.ts';

/** What the gateway authenticates with. */
export interface Authentication {
  readonly accessTokens: AccessTokenVerifier;
  readonly denylist: Denylist;
  readonly sessions: WebSessions;
  readonly publicOrigin: string;
}

export type Authenticated = { readonly token: VerifiedAccessToken } | { readonly refusal: Refusal };

const AMBIGUOUS: Authenticated = { refusal: { code: 'ambiguous-credentials' } };
const NOT_SIGNED_IN: Authenticated = unauthenticated('Bearer');
// RFC 6750 section 3.1: the error is named only when a token was sent.
const INVALID_TOKEN: Authenticated = unauthenticated('Bearer error="invalid_token"');

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
  evidence: CrossSiteEvidence,
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
    case 'cookie':
      return authenticateCookie(deps, credentials.cookie, evidence);
  }
}

function allowed(deps: Authentication, token: VerifiedAccessToken | undefined): Authenticated {
  if (token === undefined || deps.denylist.isRevoked(token, token.issuedAtSeconds)) return INVALID_TOKEN;
  return { token };
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
  if (access.kind === 'internal') return FORBIDDEN;
  for (const role of token.roles) if (access.roles.includes(role)) return undefined;
  return FORBIDDEN;
}
