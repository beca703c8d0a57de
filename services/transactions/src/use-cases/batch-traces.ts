import { traceparentText, untraced } from '@florin/observability';
import type { Written } from './submission.ts';
import type { Waiting } from './waiting.ts';

/** The trace that a decision, or a note, of a batch belongs to, as events carry it. */
export type Traces = ReadonlyMap<object, string>;

interface Decided {
  readonly waiting: Waiting;
  readonly written: Written | null;
}

/**
 * Composes what a batch tells the world. A batch serves many requests, and each event belongs to the trace of the one that
 * asked for it, whichever of them the batch itself is shown under.
 */
export function inTheirTraces<T>(decided: readonly Decided[], compose: (traces?: Traces) => T): T {
  if (decided.every(({ waiting }) => waiting.trace === undefined)) return compose();
  const traces = new Map<object, string>();
  for (const { waiting, written } of decided) {
    if (waiting.trace === undefined || written === null) continue;
    const traceparent = traceparentText(waiting.trace);
    const told = [
      ...written.decisions,
      ...(written.notes ?? []),
      ...(written.approvalNote ? [written.approvalNote] : []),
    ];
    for (const one of told) traces.set(one, traceparent);
  }
  return untraced(() => compose(traces));
}
