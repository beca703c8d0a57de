import type { PendingActionAnswer, SagaDetailAnswer, SagaSummaryAnswer } from '@florin/contracts';
import type { SagaDefinition } from '../definition.ts';
import type { PendingAction } from '../pending-actions/pending-action.ts';
import { isFinal, type LoggedEvent, type Saga } from '../saga.ts';
import type { SagaRecord } from '../store.ts';

type StepAnswer = SagaDetailAnswer['steps'][number];
type EntryAnswer = SagaDetailAnswer['timeline'][number];

/** One line of a list. The definition is undefined when another version of the service has it: then the step has no name. */
export function presentSaga(
  { saga, subject, updatedAt }: Pick<SagaRecord, 'saga' | 'subject' | 'updatedAt'>,
  definition: SagaDefinition | undefined,
): SagaSummaryAnswer {
  return {
    id: saga.id,
    type: saga.type,
    definitionVersion: saga.definitionVersion,
    coordination: 'orchestrated',
    status: saga.status,
    step: isFinal(saga) ? null : (definition?.steps[saga.stepIndex]?.name ?? null),
    attempt: saga.attempt,
    startedAt: new Date(saga.startedAtMs).toISOString(),
    updatedAt: updatedAt.toISOString(),
    deadlineAt: new Date(saga.deadlineAtMs).toISOString(),
    attention: saga.attention,
    // A saga that was written before there were such numbers has none.
    attentionSeq: saga.attentionSeq ?? null,
    subject,
  };
}

/** A saga with its steps and its log. */
export function presentDetail(
  record: Pick<SagaRecord, 'saga' | 'subject' | 'updatedAt'>,
  events: readonly LoggedEvent[],
  definition: SagaDefinition | undefined,
): SagaDetailAnswer {
  return {
    ...presentSaga(record, definition),
    steps: definition === undefined ? [] : stepsOf(record.saga, events, definition),
    timeline: events.map((event) => presentEvent(event, definition)),
  };
}

/** What is asked about a saga. */
export function presentAction({ madeAtMs, decidedAtMs, ...action }: PendingAction): PendingActionAnswer {
  return {
    ...action,
    madeAt: new Date(madeAtMs).toISOString(),
    decidedAt: decidedAtMs === null ? null : new Date(decidedAtMs).toISOString(),
  };
}

function stepsOf(saga: Saga, events: readonly LoggedEvent[], definition: SagaDefinition): StepAnswer[] {
  return definition.steps.map(({ name, kind }, index) => {
    const sent = events.filter((event) => event.kind === 'sent' && event.branch === name);
    return { name, kind, state: stateOf(saga, name, index, sent.length > 0), attempts: sent.length };
  });
}

function stateOf(saga: Saga, name: string, index: number, wasSent: boolean): StepAnswer['state'] {
  if (saga.undone.includes(name)) return 'undone';
  if (saga.rejected.includes(name)) return 'rejected';
  const isAtIt = index === saga.stepIndex && !isFinal(saga);
  if (isAtIt && saga.phase === 'sent') return 'in_flight';
  if (isAtIt && saga.phase === 'waiting' && wasSent) return 'waiting';
  if (Object.hasOwn(saga.outputs, name)) return 'applied';
  if (wasSent) return 'unknown';
  return saga.direction === 'forward' ? 'pending' : 'skipped';
}

function presentEvent(event: LoggedEvent, definition: SagaDefinition | undefined): EntryAnswer {
  const { seq, kind, atMs } = event;
  return { seq, kind, ...told(event, definition), at: new Date(atMs).toISOString() };
}

function told(event: LoggedEvent, definition: SagaDefinition | undefined): Partial<EntryAnswer> {
  switch (event.kind) {
    case 'started':
      return { detail: `to be done by ${new Date(event.deadlineAtMs).toISOString()}` };
    case 'sent':
      return { step: event.branch, op: event.op, attempt: event.attempt };
    case 'answered': {
      const { branch: step, op, attempt, outcome } = event;
      return { step, op, attempt, outcome: outcome.kind, ...saidIn(outcome) };
    }
    case 'paused':
      return { step: event.branch, op: event.op, detail: `for ${event.pauseMs} ms` };
    case 'advanced':
      return named(definition, event.step);
    case 'turned-back':
      return {
        reason: `${event.code}: ${event.detail}`,
        ...(event.actor === null ? {} : { actor: event.actor }),
      };
    case 'stepped-back':
      return { ...named(definition, event.step), detail: event.why };
    case 'left-undone':
      return { step: event.branch };
    case 'attention':
      return {
        reason: event.reason,
        detail: event.isStopped ? 'It waits for people.' : 'It goes on trying meanwhile.',
      };
    case 'retried':
    case 'resolved': {
      const step = event.kind === 'resolved' && event.branch !== null ? { step: event.branch } : {};
      const evidence = event.evidence === '' ? '' : `; ${event.evidence}`;
      return {
        ...step,
        actor: event.by,
        reason: event.reason,
        detail: `approved by ${event.approvedBy}${evidence}`,
      };
    }
    case 'completed':
    case 'compensated':
      return {};
  }
}

function saidIn(outcome: (LoggedEvent & { kind: 'answered' })['outcome']): Pick<EntryAnswer, 'reason' | 'detail'> {
  switch (outcome.kind) {
    case 'rejected':
      return { reason: outcome.code, detail: outcome.detail };
    case 'unknown':
    case 'cannot_compensate':
      return { detail: outcome.detail };
    default:
      return {};
  }
}

function named(definition: SagaDefinition | undefined, index: number): Pick<EntryAnswer, 'step'> {
  const name = definition?.steps[index]?.name;
  return name === undefined ? {} : { step: name };
}
