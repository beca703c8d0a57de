import { checkAgain, type Intent } from './intent.ts';

/** What is kept in the browser's tab. */
export interface StoredIntent<Draft, Command, Answer> {
  readonly version: typeof STORED_VERSION;
  readonly userId: string;
  /** What the address asked for when it began: going to another address begins something else. */
  readonly origin: string;
  readonly intent: Intent<Draft, Command, Answer>;
}

/** Raised when the shape of what is stored changes, so that a newer page never misreads what an older one left. */
export const STORED_VERSION = 2;

/** Who looks, when, from which address, and what they begin with when nothing is left to go on with. */
interface Visit<Draft> {
  readonly userId: string;
  readonly origin: string;
  readonly nowMs: number;
  /** Whether the page was merely loaded again: what had been done is then shown again, and else it is over. */
  readonly isReload: boolean;
  readonly fresh: Draft;
}

/**
 * The intent to go on with after a reload, a sign-in or a way back: what was stored, unless it is somebody else's. What
 * was confirmed and has no answer is asked about under its key before anything else, wherever one comes from.
 */
export function resumeIntent<Draft, Command, Answer>(
  stored: StoredIntent<Draft, Command, Answer> | undefined,
  { userId, origin, nowMs, isReload, fresh }: Visit<Draft>,
): Intent<Draft, Command, Answer> {
  const begun: Intent<Draft, Command, Answer> = { step: 'form', draft: fresh };
  if (stored === undefined || stored.userId !== userId) return begun;
  const { intent } = stored;
  if (intent.step === 'sending' || intent.step === 'unknown') return checkAgain(intent, nowMs);
  if (intent.step === 'done' && !isReload) return begun;
  return origin === '' || origin === stored.origin ? intent : begun;
}
