import type { ServiceCall } from '@florin/http';
import { Fault } from '@florin/primitives';
import type { InternalTokens, Principal } from '@florin/security';
import type { JSONWebKeySet } from 'jose';
import type { ResolveSession } from './web-sessions.ts';

const JWKS_PATH = '/oidc/jwks';
const RESOLVE_PATH = '/internal/sessions/resolve';
const GATEWAY: Principal = { subject: 'service:gateway', kind: 'service', roles: [] };

/** Fetches the issuer's public keys from the users service itself, not through the public address. */
export function fetchIssuerKeys(calls: ServiceCall, tokens: InternalTokens): () => Promise<JSONWebKeySet> {
  return async () => {
    const token = await tokens.mint(GATEWAY, 'users');
    const { status, body } = await calls.call({ service: 'users', method: 'GET', path: JWKS_PATH, token });
    if (status === 200 && isKeySet(body)) return body;
    throw unexpected(`the key set answered ${status}`);
  };
}

/** Asks the users service whose session a cookie is, and for its access token. */
export function resolveSessionThrough(calls: ServiceCall, tokens: InternalTokens): ResolveSession {
  return async (cookie) => {
    const { status, body } = await calls.call({
      service: 'users',
      method: 'POST',
      path: RESOLVE_PATH,
      body: { cookie },
      token: await tokens.mint(GATEWAY, 'users'),
    });
    if (status === 404) return undefined;
    if (status === 200 && isSession(body)) return { accessToken: body.accessToken, csrf: body.csrf };
    throw unexpected(`a session answered ${status}`);
  };
}

function isKeySet(body: unknown): body is JSONWebKeySet {
  return typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys);
}

function isSession(body: unknown): body is { readonly accessToken: string; readonly csrf: string } {
  if (typeof body !== 'object' || body === null || !('accessToken' in body) || !('csrf' in body)) return false;
  return typeof body.accessToken === 'string' && typeof body.csrf === 'string';
}

function unexpected(what: string): Fault {
  return new Fault('issuer-unavailable', what, { retryable: true, retryAfterSeconds: 1 });
}
