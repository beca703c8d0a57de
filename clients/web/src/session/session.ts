import type { User } from '@florin/sdk';

/** Who is signed in in this browser, as GET /session says. No token is ever here; the cookie is not ours to read. */
export interface Session {
  readonly user: User | null;
  readonly csrf: string | null;
  readonly idleSeconds: number;
}

/** What `useSyncExternalStore` needs, and what the API client reads. */
export interface SessionStore {
  get(): SessionState;
  set(session: Session): void;
  /** The bank no longer knows the cookie: what is on the screen stays, and nothing is sent until one signs in again. */
  expire(): void;
  subscribe(listener: () => void): () => void;
}

export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'signed-in'; readonly user: User; readonly csrf: string; readonly idleSeconds: number }
  | { readonly kind: 'expired'; readonly user: User };

export function createSessionStore(): SessionStore {
  let state: SessionState = { kind: 'unknown' };
  const listeners = new Set<() => void>();

  function change(next: SessionState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  return {
    get: () => state,
    set({ user, csrf, idleSeconds }) {
      change(user === null || csrf === null ? { kind: 'signed-out' } : { kind: 'signed-in', user, csrf, idleSeconds });
    },
    expire() {
      if (state.kind === 'signed-in') change({ kind: 'expired', user: state.user });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Where one signs in, and comes back to. */
export function signInAddress(returnTo: string): string {
  return `/session/login?return_to=${encodeURIComponent(returnTo)}`;
}
