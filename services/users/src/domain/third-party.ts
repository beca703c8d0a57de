import { fail, ok, type Result } from '@florin/primitives';

/** What a customer can allow such a program; the contracts name the same. */
export type ThirdPartyScope = 'accounts:read' | 'payments:write';

/** The public half of a key for ES256 (RFC 7518 section 6.2). */
export interface PublicKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
}

/** What is said about a program that is to become known. */
export interface NewThirdPartyClient {
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly ThirdPartyScope[];
  readonly keys: readonly PublicKey[];
}

/** A program that is not the bank's. */
export interface ThirdPartyClient extends NewThirdPartyClient {
  readonly id: string;
  readonly status: 'active' | 'disabled';
  readonly registeredAtMs: number;
}

/** One payment, as a customer is shown it and as it may then be made. */
export interface WantedPayment {
  readonly toIban: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly fromAccountId?: string;
  readonly creditorName?: string;
}

/** What a program asks a customer for. */
export interface WantedConsent {
  readonly scopes: readonly ThirdPartyScope[];
  readonly payment: WantedPayment | undefined;
}

/** What a customer allowed a program. */
export interface Consent extends WantedConsent {
  readonly id: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly givenAtMs: number;
  readonly expiresAtMs: number;
}

export type ClientFailure = { readonly code: 'invalid-redirect-uri' } | { readonly code: 'invalid-key' };

/**
 * Checks a program that is to become known. `isOnCurve` imports a key, for only a point of the curve is one. Plain http is
 * for this very machine, and only while the bank itself is reached so.
 */
export function checkNewClient(
  wanted: NewThirdPartyClient,
  place: { readonly https: boolean; isOnCurve(key: PublicKey): boolean },
): Result<NewThirdPartyClient, ClientFailure> {
  if (!wanted.redirectUris.every((uri) => isRedirectUri(uri, place.https)))
    return fail({ code: 'invalid-redirect-uri' });
  const isNamedOnce = new Set(wanted.keys.map(({ kid }) => kid)).size === wanted.keys.length;
  return isNamedOnce && wanted.keys.every(place.isOnCurve) ? ok(wanted) : fail({ code: 'invalid-key' });
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

function isRedirectUri(uri: string, isHttpsOnly: boolean): boolean {
  const url = URL.parse(uri);
  // A wildcard, a fragment or credentials have no place in an address that is compared to the letter (RFC 9700, 2.1).
  if (url === null || uri.includes('#') || uri.includes('*') || url.username !== '' || url.password !== '')
    return false;
  if (url.protocol === 'https:') return true;
  return !isHttpsOnly && url.protocol === 'http:' && LOOPBACK.has(url.hostname);
}
