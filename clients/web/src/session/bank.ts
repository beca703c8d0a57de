import { type Api, answerOf, createApi } from '@florin/sdk';
import { createSessionStore, type SessionStore } from './session.ts';

/** The bank as this page talks to it: one session, one client. */
export interface Bank {
  readonly api: Api;
  readonly session: SessionStore;
}

/** Makes the client; every request carries the session's own token, and a session that ended is noticed wherever that shows. */
export function createBank(): Bank {
  const session = createSessionStore();
  const api = createApi({
    baseUrl: '',
    headers() {
      const state = session.get();
      return state.kind === 'signed-in' ? { 'x-florin-csrf': state.csrf } : {};
    },
    onSignedOut: session.expire,
  });
  return { api, session };
}

/** Asks who is signed in. Rejects with an ApiProblem when the bank does not answer. */
export async function loadSession({ api, session }: Bank): Promise<void> {
  session.set(await answerOf(api.GET('/session')));
}

/** Signs out here and at the bank, and leaves no state of this person behind. */
export async function signOut({ api }: Bank): Promise<void> {
  await answerOf(api.POST('/session/logout'));
  sessionStorage.clear();
  window.location.assign('/signed-out');
}
