import { fail, ok, type Result } from '@florin/primitives';

/** What one member of staff wants done about a saga, and what a second one said to it. */
export interface PendingAction {
  readonly id: string;
  readonly sagaId: string;
  readonly action: 'retry' | 'resolve';
  /** Which attention of the saga it is about: the number of that event. */
  readonly attentionSeq: number;
  readonly reason: string;
  /** What shows that it is done, where somebody says that it is. */
  readonly evidence: string | null;
  readonly maker: string;
  readonly madeAtMs: number;
  readonly status: 'pending' | 'approved' | 'rejected';
  readonly checker: string | null;
  readonly decidedAtMs: number | null;
}

export interface ActionFailure {
  readonly code: 'action-not-found' | 'action-decided' | 'second-person-required';
  readonly detail: string;
}

/** Whether somebody may say yes or no to this now: it is open, and not their own. */
export function decideChecker(
  action: PendingAction | undefined,
  checker: string,
): Result<PendingAction, ActionFailure> {
  if (action === undefined) return fail({ code: 'action-not-found', detail: 'There is no such action here.' });
  if (action.status !== 'pending') {
    return fail({ code: 'action-decided', detail: `It was ${action.status} already.` });
  }
  if (action.maker === checker) {
    return fail({ code: 'second-person-required', detail: 'Somebody else than who asked for it decides about it.' });
  }
  return ok(action);
}
