import { ApiProblem, answerOf, type User } from '@florin/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Bank } from '../session/bank.ts';

// What concerns the person rather than the money.

/** Where one is signed in, the newest first. */
export function mySessionsQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['my-sessions'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/me/sessions', { signal }))).data,
  });
}

/** Signs out somewhere; one that is over already is as good. Rejects with an ApiProblem. */
export async function endSession({ api }: Bank, id: string): Promise<void> {
  try {
    await answerOf(api.DELETE('/v1/me/sessions/{id}', { params: { path: { id } } }));
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'session-not-found')) throw error;
  }
}

/** Signs out at each of these places, one after the other; answers how many could not be. */
export async function endSessions(bank: Bank, ids: readonly string[]): Promise<number> {
  let failures = 0;
  for (const id of ids) {
    await endSession(bank, id).catch(() => {
      failures += 1;
    });
  }
  return failures;
}

/** Changes what one is called, and what the page says one is called. Rejects with an ApiProblem. */
export async function renameMe({ api, session }: Bank, name: string): Promise<User> {
  const user = await answerOf(api.PATCH('/v1/me', { body: { name } }));
  const state = session.get();
  if (state.kind === 'signed-in') session.set({ user, csrf: state.csrf, idleSeconds: state.idleSeconds });
  return user;
}
