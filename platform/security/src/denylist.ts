import type { Clock } from '@florin/primitives';
import { LRUCache } from 'lru-cache';
import type { Principal } from './principal.ts';

/** Access tokens live 5 minutes; a revocation is remembered a minute longer, for skew. */
const REMEMBERED_FOR_MS = 6 * 60_000;
const ENTRIES_MAX = 100_000;

/** Which access tokens are no longer good although they have not expired. Fed by events, warmed at the start. */
export interface Denylist {
  /** Tokens of this user issued before `notBeforeSeconds` (epoch seconds) are no longer good. */
  revokeUser(userId: string, notBeforeSeconds: number): void;
  /** No token of this session is good any more. */
  revokeSession(sessionId: string): void;
  isRevoked(principal: Principal, issuedAtSeconds: number): boolean;
}

interface Revocation {
  readonly notBeforeSeconds: number;
  readonly untilMs: number;
}

/**
 * Bounded without ever forgetting: should it fill up, the oldest entry goes, and from then on every token issued
 * before that entry counts as revoked. People then fetch a new token once; nobody keeps one that was taken back.
 */
export function createDenylist(options: { readonly clock: Clock; readonly entriesMax?: number }): Denylist {
  const { clock } = options;
  let floorSeconds = 0;
  const max = options.entriesMax ?? ENTRIES_MAX;
  const revocations = new LRUCache<string, Revocation>({
    max,
    dispose(evicted, _key, reason) {
      if (reason !== 'evict' || evicted.untilMs <= clock()) return;
      if (evicted.notBeforeSeconds > floorSeconds) floorSeconds = evicted.notBeforeSeconds;
    },
  });

  function revoke(key: string, notBeforeSeconds: number): void {
    const known = revocations.peek(key)?.notBeforeSeconds ?? 0;
    revocations.set(key, {
      notBeforeSeconds: Math.max(known, notBeforeSeconds),
      untilMs: clock() + REMEMBERED_FOR_MS,
    });
  }

  // `peek`, so being asked about does not make an entry younger: the order stays that of the revocations.
  function alive(key: string): Revocation | undefined {
    const entry = revocations.peek(key);
    return entry !== undefined && entry.untilMs > clock() ? entry : undefined;
  }

  return {
    revokeUser: (userId, notBeforeSeconds) => revoke(`user:${userId}`, notBeforeSeconds),
    revokeSession: (sessionId) => revoke(`session:${sessionId}`, Math.floor(clock() / 1_000) + 1),
    isRevoked(principal, issuedAtSeconds) {
      if (issuedAtSeconds < floorSeconds) return true;
      if (revocations.size === 0) return false;
      const user = alive(`user:${principal.subject}`);
      if (user !== undefined && issuedAtSeconds < user.notBeforeSeconds) return true;
      return principal.sessionId !== undefined && alive(`session:${principal.sessionId}`) !== undefined;
    },
  };
}
