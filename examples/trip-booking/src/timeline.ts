import type { LoggedEvent, Outcome } from '@florin/saga';

/** What happened to a saga, a line for each event that tells a reader something, with the milliseconds since its start. */
export function tellTimeline(events: readonly LoggedEvent[]): string[] {
  const startedAtMs = events[0]?.atMs ?? 0;
  return events.flatMap((event) => {
    const words = tell(event);
    return words === null ? [] : [`${String(Math.round(event.atMs - startedAtMs)).padStart(6)} ms  ${words}`];
  });
}

function tell(event: LoggedEvent): string | null {
  switch (event.kind) {
    case 'started':
      return 'the trip begins';
    case 'sent': {
      const again = event.attempt > 1 ? `, attempt ${event.attempt}` : '';
      return event.op === 'do' ? `ask the ${event.branch}${again}` : `undo the ${event.branch}${again}`;
    }
    case 'answered':
      return `${event.branch}: ${answer(event.outcome, event.op === 'undo')}`;
    case 'paused':
      return `${event.branch}: asked again in ${Math.round(event.pauseMs)} ms`;
    case 'turned-back':
      return `turn back, because ${event.detail}`;
    case 'attention':
      return `people must look: ${event.reason}`;
    case 'left-undone':
      return `${event.branch} could not be undone`;
    case 'completed':
      return 'the trip is booked';
    case 'compensated':
      return 'everything is as it was before';
    case 'advanced':
    case 'stepped-back':
    case 'retried':
    case 'resolved':
      return null;
  }
}

function answer(outcome: Outcome, isUndo: boolean): string {
  switch (outcome.kind) {
    case 'applied':
      return isUndo ? 'undone' : 'done';
    case 'rejected':
      return `no, ${outcome.detail}`;
    case 'pending':
      return 'still at work';
    case 'too_late':
      return 'called off before it came';
    case 'cannot_compensate':
      return `can not be undone, ${outcome.detail}`;
    case 'unknown':
      return `nobody knows, ${outcome.detail}`;
  }
}
