import { answerOf, type Notice } from '@florin/sdk';
import type { Bank } from '../session/bank.ts';

// Both may be repeated: the first time counts. Each rejects with an ApiProblem.

export function readNotice({ api }: Bank, id: string): Promise<Notice> {
  return answerOf(api.POST('/v1/notifications/{id}/read', { params: { path: { id } } }));
}

/** Everything there is by now; answers how many were unread. */
export function readAllNotices({ api }: Bank): Promise<{ readonly read: number }> {
  return answerOf(api.POST('/v1/notifications/read-all'));
}
