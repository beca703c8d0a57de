import {
  type ApprovalAnswer,
  type approvalRoutes,
  PAGE_SIZE_DEFAULT,
  PROBLEMS,
  type ProblemCode,
  problemKind,
  type ServiceName,
} from '@florin/contracts';
import { type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import { isUuid, type Result } from '@florin/primitives';
import type { Approval, ApprovalFailure } from './approval.ts';
import { type ApprovalDesk, approve, currentOf, reject } from './approval-desk.ts';
import { findApproval, listApprovals } from './approval-rows.ts';

type Routes = ReturnType<typeof approvalRoutes<ServiceName>>;

/** What staff see of what waits for a second person at a service, and their yes and no. */
export function approvalEndpoints(routes: Routes, desk: ApprovalDesk): Endpoint[] {
  return [
    endpoint(routes.listApprovals, async ({ query, traceId }) => {
      const { limit = PAGE_SIZE_DEFAULT, cursor: beforeId, status } = query;
      if (beforeId !== undefined && !isUuid(beforeId)) {
        const detail = 'The cursor is not one that this list gave.';
        return approvalRefused({ code: 'invalid-cursor', detail }, traceId);
      }
      const page = { status, beforeId, limit: limit + 1 };
      const found = (await Promise.all(desk.stores.map((store) => listApprovals(store, page)))).flat();
      found.sort((one, other) => (one.id < other.id ? 1 : -1));
      const shown = found.slice(0, limit);
      const nextCursor = found.length > limit ? (shown.at(-1)?.id ?? null) : null;
      return { status: 200, body: { data: shown.map((one) => present(one, desk.clock())), nextCursor } };
    }),
    endpoint(routes.getApproval, async ({ params, traceId }) => {
      const found = await findApproval(desk.storeOf(params.id), params.id);
      if (found === undefined) {
        return approvalRefused({ code: 'approval-not-found', detail: 'There is no such approval here.' }, traceId);
      }
      return { status: 200, body: { ...present(found, desk.clock()), current: await currentOf(desk, found) } };
    }),
    endpoint(routes.approveApproval, async ({ params, caller, traceId }) =>
      replyOf(desk, await approve(desk, caller, params.id), 200, traceId),
    ),
    endpoint(routes.rejectApproval, async ({ params, body, caller, traceId }) =>
      replyOf(desk, await reject(desk, caller, params.id, body.reason), 200, traceId),
    ),
  ];
}

/** What became of asking: 202 with what waits now. */
export function askedReply(
  desk: Pick<ApprovalDesk, 'clock'>,
  asked: Result<Approval, ApprovalFailure>,
  traceId: string,
): Reply {
  return replyOf(desk, asked, 202, traceId);
}

function replyOf(
  { clock }: Pick<ApprovalDesk, 'clock'>,
  result: Result<Approval, ApprovalFailure>,
  status: number,
  traceId: string,
): Reply {
  return result.ok ? { status, body: present(result.value, clock()) } : approvalRefused(result.failure, traceId);
}

function approvalRefused({ code, detail }: ApprovalFailure, traceId: string): Reply {
  if (!isProblem(code)) throw new TypeError(`${code} is not in the table of problems`);
  return problemReply({ ...problemKind(code), code, detail, traceId });
}

function isProblem(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** What is over and nobody has looked at since is shown as what it is. */
function present(approval: Approval, nowMs: number): ApprovalAnswer {
  const { id, action, resource, payload, reason, maker, checker, decisionReason, failure } = approval;
  const isExpired = approval.status === 'pending' && approval.expiresAtMs <= nowMs;
  return {
    id,
    action,
    resource,
    payload: { ...payload },
    reason,
    maker,
    madeAt: new Date(approval.madeAtMs).toISOString(),
    expiresAt: new Date(approval.expiresAtMs).toISOString(),
    status: isExpired ? 'expired' : approval.status,
    checker,
    decisionReason,
    decidedAt: instant(approval.decidedAtMs),
    endedAt: instant(approval.endedAtMs),
    failure,
  };
}

function instant(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
