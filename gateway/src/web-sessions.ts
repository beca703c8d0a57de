import { hash } from 'node:crypto';
import type { Clock } from '@florin/primitives';
import { LRUCache } from 'lru-cache';

/** What the users service answers for the cookie of a browser. */
export interface WebSession {
  readonly accessToken: string;
  /** What `x-florin-csrf` must say. Without one, the header need only be there. */
  readonly csrf?: string;
}

/** Asks the users service; undefined when the cookie is nobody's. Rejects with a retryable Fault when it is away. */
export type ResolveSession = (cookie: string) => Promise<WebSession | undefined>;

export interface WebSessions {
  /** The session of a cookie, at once when it was asked for less than 30 s ago. */
  find(cookie: string): WebSession | undefined | Promise<WebSession | undefined>;
  /** Forgets a cookie's answer, because its access token turned out to be no longer good. */
  forget(cookie: string): void;
}

const REMEMBERED_FOR_MS = 30_000;
/** Shorter, and only there so that a made-up cookie sent in a loop is not a query a request. */
const UNKNOWN_FOR_MS = 5_000;
const SESSIONS_MAX = 10_000;
const COOKIE_LENGTH_MAX = 200;

interface Known {
  readonly session: WebSession | undefined;
  readonly untilMs: number;
}

/**
 * Remembers which access token belongs to a cookie, under the SHA-256 of the cookie. However many requests of a page
 * arrive together, the users service is asked once, so a token that is about to expire is refreshed once.
 */
export function createWebSessions(resolve: ResolveSession, clock: Clock): WebSessions {
  const known = new LRUCache<string, Known>({ max: SESSIONS_MAX });
  const asking = new Map<string, Promise<WebSession | undefined>>();

  async function ask(cookie: string, digest: string): Promise<WebSession | undefined> {
    try {
      const session = await resolve(cookie);
      const forMs = session === undefined ? UNKNOWN_FOR_MS : REMEMBERED_FOR_MS;
      known.set(digest, { session, untilMs: clock() + forMs });
      return session;
    } finally {
      asking.delete(digest);
    }
  }

  return {
    find(cookie) {
      if (cookie.length > COOKIE_LENGTH_MAX) return undefined;
      const digest = hash('sha256', cookie, 'base64');
      const entry = known.get(digest);
      if (entry !== undefined && entry.untilMs > clock()) return entry.session;
      const running = asking.get(digest);
      if (running !== undefined) return running;
      // Bounded by the requests in flight: an entry leaves when its question is answered.
      const started = ask(cookie, digest);
      asking.set(digest, started);
      return started;
    },
    forget(cookie) {
      known.delete(hash('sha256', cookie, 'base64'));
    },
  };
}
