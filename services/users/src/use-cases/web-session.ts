import { timingSafeEqual } from 'node:crypto';
import type { Database } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import type { Person } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';
import { deleteGrant, deleteRecord } from '../repositories/oidc-records.ts';
import { findPerson } from '../repositories/people.ts';
import {
  deleteWebSession,
  findWebSession,
  touchWebSession,
  updateWebTokens,
  type WebSession,
} from '../repositories/web-sessions.ts';
import { recordGrantEnd } from './end-sign-in.ts';
import type { RecordFacts, TokenEndpoint } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  readonly tokens: TokenEndpoint;
  readonly record: RecordFacts;
  readonly idleSeconds: number;
  /** Refreshes of this instance in progress, by session. */
  readonly refreshing: Map<string, Promise<ResolvedSession | undefined>>;
}

export interface ResolvedSession {
  readonly accessToken: string;
  readonly expiresAtMs: number;
  readonly csrf: string;
  readonly personId: string;
  readonly signInId: string;
}

/** A token is replaced this long before it ends, so that whoever gets it can still use it: the gateway keeps it 30 s. */
const REFRESH_BEFORE_SECONDS = 60;

/**
 * A refresh holds one connection for its lock and needs others for the token endpoint, so only some of the pool's ten
 * may be held; the rest are told to come again.
 */
const REFRESHES_MAX = 4;

/**
 * The access token behind a session cookie, or undefined when there is no such session any more. A token about to
 * expire is refreshed by one caller: within an instance they share one promise, between instances the row's lock.
 */
export async function resolveWebSession(deps: Deps, cookie: string): Promise<ResolvedSession | undefined> {
  const id = deps.vault.hash('web-session', cookie);
  const session = await findWebSession(deps.database, deps.vault, id, deps.idleSeconds);
  if (session === undefined) return undefined;
  if (session.accessSecondsLeft > REFRESH_BEFORE_SECONDS) {
    await touchWebSession(deps.database, id);
    return resolved(deps, session, cookie);
  }
  const key = id.toString('base64url');
  const running = deps.refreshing.get(key);
  if (running !== undefined) return running;
  if (deps.refreshing.size >= REFRESHES_MAX) {
    throw new Fault('refresh-busy', 'too many sessions are being refreshed', { retryable: true, retryAfterSeconds: 1 });
  }
  const refresh = refreshSession(deps, id, cookie).finally(() => deps.refreshing.delete(key));
  deps.refreshing.set(key, refresh);
  return refresh;
}

async function refreshSession(deps: Deps, id: Buffer, cookie: string): Promise<ResolvedSession | undefined> {
  const { database, vault } = deps;
  return database.transaction(async (tx) => {
    const session = await findWebSession(tx, vault, id, deps.idleSeconds, 'lock');
    if (session === undefined) return undefined;
    // Another instance was faster.
    if (session.accessSecondsLeft > REFRESH_BEFORE_SECONDS) return resolved(deps, session, cookie);
    const tokens = await deps.tokens.refresh(session.refreshToken);
    if (tokens === undefined) {
      await deleteWebSession(tx, id);
      return undefined;
    }
    await updateWebTokens(tx, vault, id, tokens, tokens.accessSeconds);
    const refreshed = await findWebSession(tx, vault, id, deps.idleSeconds);
    return refreshed && resolved(deps, refreshed, cookie);
  });
}

/** Who is signed in behind a cookie, for the browser itself. */
export async function describeWebSession(
  deps: Deps,
  cookie: string | undefined,
): Promise<{ readonly person: Person; readonly csrf: string; readonly endsAtMs: number } | undefined> {
  if (cookie === undefined) return undefined;
  const id = deps.vault.hash('web-session', cookie);
  const session = await findWebSession(deps.database, deps.vault, id, deps.idleSeconds);
  const person = session && (await findPerson(deps.database, deps.vault, session.personId));
  if (session === undefined || person === undefined) return undefined;
  return { person, csrf: csrfOf(deps.vault, cookie), endsAtMs: session.endsAtMs };
}

/**
 * Signs a browser out: its session and its grant go, and its tokens are dead at once. So does its session at the issuer
 * when it presents one: whoever sits down there next is nobody.
 */
export async function endWebSession(
  deps: Deps,
  cookie: string,
  issuerCookie: string | undefined,
  traceId: string,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    if (issuerCookie !== undefined) await deleteRecord(tx, 'Session', deps.vault.hash('oidc-id', issuerCookie));
    const ended = await deleteWebSession(tx, deps.vault.hash('web-session', cookie));
    const grant = ended && (await deleteGrant(tx, Buffer.from(ended.signInId, 'base64url')));
    if (grant !== undefined) await recordGrantEnd(deps.record, tx, grant, 'asked', traceId);
  });
}

/** Whether a request that changes something came from our own page, which alone can read this token. */
export function isCsrfToken(vault: Vault, cookie: string, presented: string | undefined): boolean {
  const expected = Buffer.from(csrfOf(vault, cookie));
  const actual = Buffer.from(presented ?? '');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function csrfOf(vault: Vault, cookie: string): string {
  return vault.hash('csrf', cookie).toString('base64url');
}

function resolved(deps: Deps, session: WebSession, cookie: string): ResolvedSession {
  return {
    accessToken: session.accessToken,
    expiresAtMs: session.accessExpiresAtMs,
    csrf: csrfOf(deps.vault, cookie),
    personId: session.personId,
    signInId: session.signInId,
  };
}
