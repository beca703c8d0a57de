import {
  PAGE_SIZE_DEFAULT,
  type PendingActionAnswer,
  problemKind,
  type SagaDetailAnswer,
  usersSagas,
} from '@florin/contracts';
import { type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import { isUuid, type Result } from '@florin/primitives';
import {
  attentionOf,
  type Choreography,
  type ChoreographyEvent,
  type ChoreographyStatus,
  missingSteps,
  stepsOf,
} from '../domain/choreography.ts';
import {
  askForAction,
  decideAsked,
  listAsked,
  listSagas,
  readSaga,
  type SagaDeps,
  type SagaFailure,
} from '../use-cases/look-after-sagas.ts';

type Asked = Awaited<ReturnType<typeof listAsked>>['items'][number];

/** Sign-ups on their way to a welcome, as staff see them who look after those that are stuck. */
export function sagaEndpoints(deps: SagaDeps): readonly Endpoint[] {
  const { listActions, getSaga, askForAction: ask, approveAction, rejectAction } = usersSagas;
  return [
    endpoint(usersSagas.listSagas, async ({ query, traceId }) => {
      const { limit = PAGE_SIZE_DEFAULT, cursor, status, type } = query;
      if (cursor !== undefined && !isUuid(cursor)) return cursorRefused(traceId);
      const wanted = status === undefined ? undefined : STATUS_WANTED[status];
      // Nothing is ever taken back here.
      if (wanted === null) return { status: 200, body: { data: [], nextCursor: null } };
      const { items, nextId } = await listSagas(deps, { status: wanted, type, beforeId: cursor, limit });
      return { status: 200, body: { data: items.map(presentSaga), nextCursor: nextId ?? null } };
    }),
    endpoint(listActions, async ({ query, traceId }) => {
      const { limit = PAGE_SIZE_DEFAULT, cursor, status } = query;
      if (cursor !== undefined && !isUuid(cursor)) return cursorRefused(traceId);
      const { items, nextId } = await listAsked(deps, { status, beforeId: cursor, limit });
      return { status: 200, body: { data: items.map(presentAction), nextCursor: nextId ?? null } };
    }),
    endpoint(getSaga, async ({ params, traceId }) => {
      const found = await readSaga(deps, params.id);
      if (found === undefined)
        return refused({ code: 'saga-not-found', detail: 'There is no such saga here.' }, traceId);
      return { status: 200, body: presentDetail(found.saga, found.events) };
    }),
    endpoint(ask, async ({ caller, params, body, traceId }) => {
      const { action, attentionSeq, reason, evidence } = body;
      const asked = await askForAction(deps, caller, params.id, {
        action,
        attentionSeq,
        reason,
        evidence,
      });
      return actionReply(asked, 202, traceId);
    }),
    endpoint(approveAction, async ({ caller, params, traceId }) =>
      actionReply(await decideAsked(deps, caller, params.actionId, 'approved'), 200, traceId),
    ),
    endpoint(rejectAction, async ({ caller, params, traceId }) =>
      actionReply(await decideAsked(deps, caller, params.actionId, 'rejected'), 200, traceId),
    ),
  ];
}

/** The statuses of all sagas, in the words of a choreography; null for those that none ever has. */
const STATUS_WANTED = {
  running: 'running',
  completed: 'completed',
  needs_attention: 'stuck',
  compensating: null,
  compensated: null,
} as const satisfies Record<string, ChoreographyStatus | null>;

function actionReply(result: Result<Asked, SagaFailure>, status: 200 | 202, traceId: string): Reply {
  return result.ok ? { status, body: presentAction(result.value) } : refused(result.failure, traceId);
}

function refused({ code, detail }: SagaFailure, traceId: string): Reply {
  const { status, title } = problemKind(code);
  return problemReply({ status, code, title, detail, traceId });
}

function cursorRefused(traceId: string): Reply {
  const { status, title } = problemKind('invalid-cursor');
  const detail = 'The cursor is not one that this list gave.';
  return problemReply({ status, code: 'invalid-cursor', title, detail, traceId });
}

function presentSaga(saga: Choreography) {
  return {
    id: saga.id,
    type: saga.type,
    definitionVersion: saga.definitionVersion,
    coordination: 'choreographed' as const,
    status: saga.status === 'stuck' ? ('needs_attention' as const) : saga.status,
    step: saga.status === 'completed' ? null : (missingSteps(saga)[0] ?? null),
    attempt: saga.attempt,
    startedAt: new Date(saga.startedAtMs).toISOString(),
    updatedAt: new Date(saga.updatedAtMs).toISOString(),
    deadlineAt: new Date(saga.deadlineAtMs).toISOString(),
    attention: attentionOf(saga) ?? null,
    attentionSeq: saga.attentionSeq,
    subject: saga.subject,
  };
}

function presentDetail(saga: Choreography, events: readonly ChoreographyEvent[]): SagaDetailAnswer {
  const missing = new Set(missingSteps(saga));
  return {
    ...presentSaga(saga),
    steps: (stepsOf(saga) ?? []).map((name) => ({
      name,
      kind: 'event',
      state: missing.has(name) ? (saga.status === 'completed' ? 'skipped' : 'waiting') : 'applied',
      attempts: events.filter(({ step }) => step === name).length,
    })),
    timeline: events.map(presentEvent),
  };
}

function presentEvent({ seq, kind, step, topic, eventId, causationId, data, atMs }: ChoreographyEvent) {
  const cause = causationId === undefined ? '' : `, after ${causationId}`;
  const by = data.checker === undefined ? '' : `${kind === 'rejected' ? 'rejected' : 'approved'} by ${data.checker}`;
  const detail =
    topic === undefined ? [by, data.evidence ?? ''].filter(Boolean).join('; ') : `${topic} ${eventId}${cause}`;
  return {
    seq,
    kind,
    ...(step === undefined ? {} : { step }),
    ...(data.action === undefined ? {} : { op: data.action }),
    ...(data.actor === undefined ? {} : { actor: data.actor }),
    ...(data.reason === undefined ? {} : { reason: data.reason }),
    ...(detail === '' ? {} : { detail }),
    at: new Date(atMs).toISOString(),
  };
}

function presentAction(action: Asked): PendingActionAnswer {
  const { id, sagaId, reason, evidence, maker, status, checker, madeAtMs, decidedAtMs } = action;
  return {
    id,
    sagaId,
    action: action.action,
    attentionSeq: action.attentionSeq,
    reason,
    evidence,
    maker,
    madeAt: new Date(madeAtMs).toISOString(),
    status,
    checker,
    decidedAt: decidedAtMs === null ? null : new Date(decidedAtMs).toISOString(),
  };
}
