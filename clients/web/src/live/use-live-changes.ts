import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useHasRole, useSession } from '../session/use-bank.ts';
import { applyChange, readChange } from './live-changes.ts';

/** How often to ask when the stream can not be had; the browser itself reconnects to one that merely broke. */
const POLL_MS = 15_000;

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
    const refresh = (): void => {
      void queries.invalidateQueries({ queryKey: ['accounts'] });
      void queries.invalidateQueries({ queryKey: ['history'] });
    };
    stream.addEventListener('account', ({ data }: MessageEvent<string>) => {
      const change = readChange(data);
      if (change !== undefined) applyChange(queries, change);
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
    };
  }, [queries, isCustomer, isSignedIn]);
}
