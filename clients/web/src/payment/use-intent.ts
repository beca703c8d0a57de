import { systemClock } from '@florin/primitives';
import { type Dispatch, useEffect, useReducer, useRef } from 'react';
import { useBank, useUser } from '../session/use-bank.ts';
import { type Intent, type IntentEvent, isOpen, reduceIntent } from './intent.ts';
import { failureOf } from './intent-failure.ts';
import { intentStorage } from './intent-storage.ts';
import { resumeIntent, STORED_VERSION } from './stored-intent.ts';

interface IntentOptions<Draft, Command, Answer> {
  /** One kind of payment has one intent at a time. */
  readonly name: string;
  /** What the address asks for, as text; '' when it asks for nothing. */
  readonly origin: string;
  readonly fresh: Draft;
  /** Sends a command under its key, with what was confirmed for it; rejects when it was refused or nothing is known. */
  readonly send: (command: Command, key: string, confirmation: string | undefined) => Promise<Answer>;
}

/**
 * Keeps an intent in the page and in the tab's storage, and sends it while it is `sending`: one request at a time, each
 * stored before it is sent. Leaving the page stops the asking and keeps the intent; coming back goes on with it.
 */
export function useIntent<Draft, Command, Answer>({
  name,
  origin,
  fresh,
  send,
}: IntentOptions<Draft, Command, Answer>): [
  Intent<Draft, Command, Answer>,
  Dispatch<IntentEvent<Draft, Command, Answer>>,
] {
  const { session } = useBank();
  const userId = useUser().id;
  const [intent, dispatch] = useReducer(reduceIntent<Draft, Command, Answer>, undefined, () => {
    const stored = intentStorage<Draft, Command, Answer>(sessionStorage, name).read();
    return resumeIntent(stored, { userId, origin, fresh, nowMs: systemClock(), isReload: isReload() });
  });

  useEffect(() => {
    const storage = intentStorage<Draft, Command, Answer>(sessionStorage, name);
    storage.write({ version: STORED_VERSION, userId, origin, intent });
    // A result is shown until one goes elsewhere; a reload does not run this.
    return () => {
      if (intent.step === 'done') storage.drop();
    };
  }, [name, userId, origin, intent]);

  const sendNow = useRef(send);
  useEffect(() => {
    sendNow.current = send;
  }, [send]);
  useEffect(() => {
    if (intent.step !== 'sending') return undefined;
    const { command, key, confirmation, waitMs } = intent;
    const timer = setTimeout(() => {
      sendNow.current(command, key, confirmation).then(
        (answer) => dispatch({ kind: 'answered', key, answer }),
        (error: unknown) => {
          const failure = failureOf(error);
          // A 401 has said so already; a refused session token means that somebody signed in anew in another tab.
          if (failure.kind === 'signed-out') session.expire();
          dispatch({ kind: 'failed', key, failure, nowMs: systemClock() });
        },
      );
    }, waitMs);
    return () => clearTimeout(timer);
  }, [intent, session]);

  return [intent, dispatch];
}

/** Whether this page was loaded again rather than gone to (Navigation Timing level 2). */
function isReload(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return entry instanceof PerformanceNavigationTiming && entry.type === 'reload';
}

/** Whether somebody confirmed something of this kind in this tab of which it is not known yet what became of it. */
export function hasOpenIntent(name: string, userId: string): boolean {
  const stored = intentStorage(sessionStorage, name).read();
  return stored !== undefined && stored.userId === userId && isOpen(stored.intent);
}
