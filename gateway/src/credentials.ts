import { timingSafeEqual } from 'node:crypto';
import type { Refusal } from './problems.ts';

/** What a request brings to show who sends it, read before the headers are cleaned. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  /** A token and a proof of the key it is bound to; undefined when not exactly one came. */
  | { readonly kind: 'dpop'; readonly token: string; readonly proof: string | undefined }
  | { readonly kind: 'cookie'; readonly cookie: string }
  /** An `Authorization` header that is not one token. */
  | { readonly kind: 'unusable' }
  | { readonly kind: 'ambiguous' };

const NONE: Credentials = { kind: 'none' };
const TOKEN = /^(Bearer|DPoP) +([A-Za-z0-9._~+/=-]+)$/i;

/** The name of the session cookie; with the `__Host-` prefix browsers bind it to this very host over https. */
export function sessionCookieName(isHttps: boolean): string {
  return isHttps ? '__Host-florin' : 'florin_sid';
}

/**
 * Reads the credentials of a request. A token and a session cookie together, several tokens, or several cookies of
 * that name are ambiguous: whichever we took, an attacker who can add one could choose for the victim.
 */
export function readCredentials(
  sent: {
    readonly authorization: string | undefined;
    readonly cookie: string | undefined;
    readonly proof: string | undefined;
  },
  counts: { readonly authorizations: number; readonly proofs: number },
  cookieName: string,
): Credentials {
  const { authorization, cookie } = sent;
  const session = cookie === undefined ? undefined : readCookie(cookie, cookieName);
  if (session === AMBIGUOUS || counts.authorizations > 1) return { kind: 'ambiguous' };
  if (authorization === undefined) return session === undefined ? NONE : { kind: 'cookie', cookie: session };
  if (session !== undefined) return { kind: 'ambiguous' };
  const [, scheme, token] = TOKEN.exec(authorization) ?? [];
  if (scheme === undefined || token === undefined) return { kind: 'unusable' };
  if (scheme.toLowerCase() === 'bearer') return { kind: 'bearer', token };
  return { kind: 'dpop', token, proof: counts.proofs === 1 ? sent.proof : undefined };
}

const AMBIGUOUS = Symbol('several cookies of one name');

function readCookie(header: string, wanted: string): string | typeof AMBIGUOUS | undefined {
  if (!header.includes(wanted)) return undefined;
  let found: string | undefined;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals === -1 || pair.slice(0, equals).trim() !== wanted) continue;
    if (found !== undefined) return AMBIGUOUS;
    found = pair.slice(equals + 1).trim();
  }
  return found === '' ? undefined : found;
}

/** What the cross-site check looks at, read before the headers are cleaned. */
export interface CrossSiteEvidence {
  readonly method: string | undefined;
  readonly origin: string | undefined;
  readonly csrf: string | undefined;
}

/**
 * Whether a change that rests on the cookie comes from our own pages: the browser's `Origin` is ours, and the header
 * only a script of ours can set is there (with the session's own value, when it has one). Reads need neither.
 */
export function crossSiteRefusal(
  { method, origin, csrf }: CrossSiteEvidence,
  expected: { readonly origin: string; readonly csrf: string | undefined },
): Refusal | undefined {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return undefined;
  const isOurs = origin === expected.origin && csrf !== undefined && csrf !== '';
  return isOurs && (expected.csrf === undefined || isSame(csrf, expected.csrf)) ? undefined : { code: 'csrf-refused' };
}

function isSame(one: string, other: string): boolean {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}
