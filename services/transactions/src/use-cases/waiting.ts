import type { TraceContext } from '@florin/observability';
import type { Outcome, Submission } from './submission.ts';

/** A submission in the queue, with the promise of its caller. */
export interface Waiting {
  readonly submission: Submission;
  readonly submittedAtMs: number;
  /** The span of whoever submitted it; undefined outside any. */
  readonly trace: TraceContext | undefined;
  attempts: number;
  /** It was answered; nothing that happens later changes that. */
  isSettled: boolean;
  resolve(outcome: Outcome): void;
  reject(reason: unknown): void;
}
