import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '@florin/postgres';
import { type Clock, fail, ok, type Result } from '@florin/primitives';
import { WEB_SESSION_SECONDS } from '../domain/clients.ts';
import { safeReturnPath } from '../domain/return-path.ts';
import type { Vault } from '../domain/vault.ts';
import { insertWebSession } from '../repositories/web-sessions.ts';
import type { TokenEndpoint } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly tokens: TokenEndpoint;
  readonly issuer: string;
}

/** As long as the interaction it waits for. */
export const WEB_SIGN_IN_SECONDS = 10 * 60;
const RANDOM_BYTES = 32;
const STATE_CONTEXT = 'web_sign_in.cookie|state';

/** What the browser carries, sealed, from the start of a sign-in to its end, so that both happen in one browser. */
interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly returnPath: string;
  readonly startedAtMs: number;
}

export interface StartedSignIn {
  /** The parameters of the authorisation request (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
  readonly request: Readonly<Record<'state' | 'nonce' | 'code_challenge' | 'code_challenge_method', string>>;
  /** For a cookie. */
  readonly pending: string;
}

/** Starts a sign-in of the web client. */
export function beginWebSignIn(deps: Pick<Deps, 'vault' | 'clock'>, returnTo: string | undefined): StartedSignIn {
  const pending: PendingSignIn = {
    state: randomText(),
    nonce: randomText(),
    codeVerifier: randomText(),
    returnPath: safeReturnPath(returnTo),
    startedAtMs: deps.clock(),
  };
  return {
    request: {
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: createHash('sha256').update(pending.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    },
    pending: deps.vault.seal(JSON.stringify(pending), STATE_CONTEXT).toString('base64url'),
  };
}

export interface FinishedSignIn {
  /** For the session cookie: 256 random bits, of which only a keyed hash is stored. */
  readonly cookie: string;
  readonly returnPath: string;
}

/**
 * Ends a sign-in: the answer must belong to this browser's request (state), come from our issuer (RFC 9207), and its
 * ID token must carry the nonce of that request. A failure says no more than that it failed.
 */
export async function finishWebSignIn(
  deps: Deps,
  answer: { readonly code?: string; readonly state?: string; readonly iss?: string },
  pendingCookie: string | undefined,
): Promise<Result<FinishedSignIn, { readonly code: 'sign-in-failed' }>> {
  const pending = openPending(deps, pendingCookie);
  if (pending === undefined || answer.code === undefined || answer.iss !== deps.issuer) return FAILED;
  if (!equal(answer.state ?? '', pending.state)) return FAILED;
  const tokens = await deps.tokens.exchange(answer.code, pending.codeVerifier);
  if (tokens === undefined || tokens.nonce !== pending.nonce) return FAILED;

  const cookie = randomText();
  await insertWebSession(deps.database, deps.vault, {
    id: deps.vault.hash('web-session', cookie),
    personId: tokens.personId,
    signInId: tokens.signInId,
    tokens: { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken },
    accessSeconds: tokens.accessSeconds,
    lifetimeSeconds: WEB_SESSION_SECONDS,
  });
  return ok({ cookie, returnPath: pending.returnPath });
}

const FAILED = fail({ code: 'sign-in-failed' });

function openPending(deps: Pick<Deps, 'vault' | 'clock'>, cookie: string | undefined): PendingSignIn | undefined {
  if (cookie === undefined) return undefined;
  let pending: PendingSignIn;
  try {
    pending = JSON.parse(deps.vault.open(Buffer.from(cookie, 'base64url'), STATE_CONTEXT));
  } catch {
    // Anything can stand in a cookie; one we did not seal is no cookie of ours.
    return undefined;
  }
  return deps.clock() - pending.startedAtMs > WEB_SIGN_IN_SECONDS * 1_000 ? undefined : pending;
}

function randomText(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url');
}

function equal(one: string, other: string): boolean {
  const a = Buffer.from(one);
  const b = Buffer.from(other);
  return a.length === b.length && timingSafeEqual(a, b);
}
