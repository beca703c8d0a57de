import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useHasRole, useSession } from '../session/use-bank.ts';
import { applyChange, readChange } from './live-changes.ts';

/** How often to ask when the stream can not be had; the browser itself reconnects to one that merely broke. */
const POLL_MS = 15_000;

/** What the bank tells of a change is written by another part of it, a moment after the change itself. */
const NOTICES_AFTER_MS = 2_000;

/**
 * Keeps the page true while it is open: listens to the customer's own stream, which resumes by itself after a break,
 * and asks from time to time while there is none (a proxy that holds streams back, too many windows).
 */
export function useLiveChanges(): void {
  const queries = useQueryClient();
  const isCustomer = useHasRole('customer');
  const isSignedIn = useSession().kind === 'signed-in';
  useEffect(() => {
    if (!isCustomer || !isSignedIn) return undefined;
    const stream = new EventSource('/v1/stream');
    let poll: ReturnType<typeof setInterval> | undefined;
    let noticesTimer: ReturnType<typeof setTimeout> | undefined;
    const lookForNotices = (): void => {
      void queries.invalidateQueries({ queryKey: ['notices'] });
    };
    const refresh = (): void => {
      void queries.invalidateQueries({ queryKey: ['accounts'] });
      void queries.invalidateQueries({ queryKey: ['history'] });
      lookForNotices();
    };
    stream.addEventListener('account', ({ data }: MessageEvent<string>) => {
      const change = readChange(data);
      if (change === undefined) return;
      applyChange(queries, change);
      lookForNotices();
      clearTimeout(noticesTimer);
      noticesTimer = setTimeout(lookForNotices, NOTICES_AFTER_MS);
    });
    stream.addEventListener('open', () => {
      clearInterval(poll);
      poll = undefined;
    });
    stream.addEventListener('error', () => {
      // CONNECTING is the browser trying again by itself; CLOSED is a refusal, and polling takes over.
      if (stream.readyState === EventSource.CLOSED) poll ??= setInterval(refresh, POLL_MS);
    });
    return () => {
      stream.close();
      clearInterval(poll);
      clearTimeout(noticesTimer);
    };
  }, [queries, isCustomer, isSignedIn]);
}
