import { PAGE_SIZE_DEFAULT, problemKind, type ServiceName, type sagaRoutes } from '@florin/contracts';
import { type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import { isUuid, type Result } from '@florin/primitives';
import type { PendingAction } from '../pending-actions/pending-action.ts';
import { presentAction, presentDetail, presentSaga } from './present-saga.ts';
import { actionsOf, askForAction, type DeskFailure, decideAsked, type SagaDesk, sagasOf } from './saga-desk.ts';

type Routes = ReturnType<typeof sagaRoutes<ServiceName>>;

/** What staff see of the orchestrated sagas of a service, and what they do about one that is stuck. */
export function sagaDeskEndpoints(routes: Routes, desk: SagaDesk): Endpoint[] {
  return [
    endpoint(routes.listSagas, async ({ query, traceId }) => {
      const { limit = PAGE_SIZE_DEFAULT, cursor: beforeId, status, type } = query;
      if (beforeId !== undefined && !isUuid(beforeId)) return cursorRefused(traceId);
      const wanted = { ...(status === undefined ? {} : { status }), ...(type === undefined ? {} : { type }) };
      const { items, nextId } = await sagasOf(desk, { ...wanted, beforeId, limit });
      const data = items.map((found) => presentSaga(found, definitionOf(desk, found.saga)));
      return { status: 200, body: { data, nextCursor: nextId } };
    }),
    endpoint(routes.listActions, async ({ query, traceId }) => {
      const { limit = PAGE_SIZE_DEFAULT, cursor: beforeId, status } = query;
      if (beforeId !== undefined && !isUuid(beforeId)) return cursorRefused(traceId);
      const { items, nextId } = await actionsOf(desk, { status, beforeId, limit });
      return { status: 200, body: { data: items.map(presentAction), nextCursor: nextId } };
    }),
    endpoint(routes.getSaga, async ({ params, traceId }) => {
      const { runner } = desk.hostOf(params.id);
      const found = await runner.find(params.id);
      if (found === undefined) {
        return refused({ code: 'saga-not-found', detail: 'There is no such saga here.' }, traceId);
      }
      // It may have gone on since it was read.
      const events = (await runner.timeline(params.id)).filter(({ seq }) => seq <= found.saga.seq);
      return { status: 200, body: presentDetail(found, events, definitionOf(desk, found.saga)) };
    }),
    endpoint(routes.askForAction, async (call) => {
      const { action, attentionSeq, reason, evidence } = call.body;
      const wanted = { action, attentionSeq, reason, evidence };
      return actionReply(await askForAction(desk, call.caller, call.params.id, wanted), 202, call.traceId);
    }),
    endpoint(routes.approveAction, async (call) =>
      actionReply(await decideAsked(desk, call.caller, call.params.actionId, 'approved'), 200, call.traceId),
    ),
    endpoint(routes.rejectAction, async (call) =>
      actionReply(await decideAsked(desk, call.caller, call.params.actionId, 'rejected'), 200, call.traceId),
    ),
  ];
}

function definitionOf(desk: SagaDesk, saga: { readonly id: string; type: string; definitionVersion: number }) {
  return desk.hostOf(saga.id).runner.definitionOf(saga);
}

function actionReply(result: Result<PendingAction, DeskFailure>, status: 200 | 202, traceId: string): Reply {
  return result.ok ? { status, body: presentAction(result.value) } : refused(result.failure, traceId);
}

function refused({ code, detail }: DeskFailure, traceId: string): Reply {
  return problemReply({ ...problemKind(code), code, detail, traceId });
}

function cursorRefused(traceId: string): Reply {
  const detail = 'The cursor is not one that this list gave.';
  return problemReply({ ...problemKind('invalid-cursor'), code: 'invalid-cursor', detail, traceId });
}
