import { InvariantViolation, invariant } from '@florin/primitives';
import type { LoggedEvent, Saga } from './saga.ts';

/** A saga as its log says it is, from the first event on. Throws when the log has a gap: then it is not the log. */
export function replay(events: readonly LoggedEvent[]): Saga {
  let saga: Saga | undefined;
  for (const event of events) saga = evolve(saga, event);
  invariant(saga !== undefined, 'a log has at least one event');
  return saga;
}

/** The saga after one more event. */
export function evolve(saga: Saga | undefined, event: LoggedEvent): Saga {
  if (saga === undefined) return begun(event);
  invariant(event.seq === saga.seq + 1, `event ${event.seq} of saga ${saga.id} does not follow ${saga.seq}`);
  return { ...saga, ...changed(saga, event), seq: event.seq };
}

function begun(event: LoggedEvent): Saga {
  invariant(event.kind === 'started' && event.seq === 1, 'a log begins with the start');
  return {
    id: event.id,
    type: event.type,
    definitionVersion: event.definitionVersion,
    status: 'running',
    direction: 'forward',
    phase: 'waiting',
    stepIndex: 0,
    attempt: 0,
    failures: 0,
    input: event.input,
    outputs: {},
    rejected: [],
    undone: [],
    uncompensated: [],
    failure: null,
    attention: null,
    attentionSeq: null,
    startedAtMs: event.atMs,
    deadlineAtMs: event.deadlineAtMs,
    seq: 1,
  };
}

function changed(saga: Saga, event: LoggedEvent): Partial<Saga> {
  switch (event.kind) {
    case 'started':
      throw new InvariantViolation('a saga starts once');
    case 'sent':
      return { phase: 'sent', attempt: event.attempt };
    case 'answered':
      return answered(saga, event);
    case 'paused':
      return { phase: 'waiting' };
    case 'advanced':
      return { ...AT_NEW_STEP, status: 'running', stepIndex: event.step };
    case 'turned-back':
      return {
        ...AT_NEW_STEP,
        status: 'compensating',
        direction: 'backward',
        failure: { code: event.code, detail: event.detail },
      };
    case 'stepped-back':
      return { ...AT_NEW_STEP, status: 'compensating', stepIndex: event.step };
    case 'left-undone':
      return { uncompensated: added(saga.uncompensated, event.branch) };
    case 'attention':
      return {
        status: 'needs_attention',
        attention: event.reason,
        attentionSeq: event.seq,
        ...(event.isStopped ? { phase: 'stopped' as const } : {}),
      };
    case 'retried':
      return { ...freed(saga), failures: 0 };
    case 'resolved':
      return { ...freed(saga), ...settled(saga, event.branch) };
    case 'completed':
      return { status: 'completed', phase: 'stopped', ...NOBODY_ASKED };
    case 'compensated':
      return { status: 'compensated', phase: 'stopped', ...NOBODY_ASKED };
  }
}

const NOBODY_ASKED = { attention: null, attentionSeq: null } as const;
const AT_NEW_STEP = { phase: 'waiting', attempt: 0, failures: 0, ...NOBODY_ASKED } as const;

function answered(saga: Saga, event: LoggedEvent & { kind: 'answered' }): Partial<Saga> {
  const { branch, op, outcome } = event;
  if (outcome.kind === 'unknown') return { failures: saga.failures + 1 };
  if (op === 'undo') return outcome.kind === 'applied' ? wasUndone(saga, branch) : {};
  if (outcome.kind === 'applied') return { outputs: { ...saga.outputs, [branch]: outcome.output } };
  // Called off before it came: it did not happen and never will, as if it had been rejected.
  if (outcome.kind === 'rejected' || outcome.kind === 'too_late') return { rejected: added(saga.rejected, branch) };
  return {};
}

/** People said what became of a step: forward it is done, backward it is undone; with no step named, all of them are. */
function settled(saga: Saga, branch: string | null): Partial<Saga> {
  if (branch === null) return { undone: [...saga.undone, ...saga.uncompensated], uncompensated: [] };
  if (saga.direction === 'forward') return { outputs: { ...saga.outputs, [branch]: {} } };
  return wasUndone(saga, branch);
}

function wasUndone(saga: Saga, branch: string): Partial<Saga> {
  return {
    undone: added(saga.undone, branch),
    uncompensated: saga.uncompensated.filter((name) => name !== branch),
  };
}

function freed(saga: Saga): Partial<Saga> {
  return { status: saga.direction === 'forward' ? 'running' : 'compensating', phase: 'waiting', ...NOBODY_ASKED };
}

function added(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names : [...names, name];
}
