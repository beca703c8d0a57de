import {
  cancelStandingOrder,
  createStandingOrder as createRoute,
  type ExecutionAnswer,
  getStandingOrder as getRoute,
  listStandingOrders as listRoute,
  listStandingOrderExecutions,
  PAGE_SIZE_DEFAULT,
  pauseStandingOrder,
  resumeStandingOrder,
  STANDING_ORDERS_PER_CUSTOMER_MAX,
  type StandingOrderAnswer,
  skipStandingOrder,
} from '@florin/contracts';
import { type CallContext, type Endpoint, endpoint, type Reply } from '@florin/http';
import { formatMoney, parseMoney } from '@florin/money';
import { fail, type IsoDate, ok, type Result } from '@florin/primitives';
import { isCalendarDate } from '../domain/calendar.ts';
import { readIban } from '../domain/payee.ts';
import { type StandingOrder, type StandingOrderFailure, upcomingDate } from '../domain/standing-order.ts';
import { type ChangeRequest, changeStandingOrder } from '../use-cases/change-standing-order.ts';
import { createStandingOrder } from '../use-cases/create-standing-order.ts';
import {
  type ExecutionPosition,
  type ExecutionRecord,
  getStandingOrder,
  listExecutions,
  listStandingOrders,
} from '../use-cases/read-standing-orders.ts';
import { type Approvals, requestApproval } from '../use-cases/request-approval.ts';
import type { ShardedOrders, StandingOrders } from '../use-cases/standing-orders.ts';
import type { Answer } from '../use-cases/submission.ts';
import { fingerprintOf, outcomeReply } from './outcome-reply.ts';
import { confirmationIn, payerOf, unreadableConfirmation } from './payer.ts';
import { mayChange, refusal } from './problems.ts';

const OPEN_MAX = STANDING_ORDERS_PER_CUSTOMER_MAX;

/** Payments that customers have the bank make on its own. */
export function standingOrderEndpoints({ all, ofId, today, approvals }: ShardedOrders): Endpoint[] {
  const reply = (result: Result<StandingOrder, StandingOrderFailure>, traceId: string): Reply =>
    result.ok ? { status: 200, body: presentOrder(result.value, today()) } : refusal(result.failure, traceId);
  return [
    endpoint(createRoute, (call) => create(ofId(call.body.fromAccountId), approvals, call)),
    endpoint(listRoute, async ({ principal }) => {
      const found = await listStandingOrders(all, { owner: principal.subject, openMax: OPEN_MAX, today: today() });
      return { status: 200, body: { data: found.map((order) => presentOrder(order, today())), nextCursor: null } };
    }),
    endpoint(getRoute, async ({ params, principal, traceId }) =>
      reply(await getStandingOrder(ofId(params.id), params.id, principal.subject), traceId),
    ),
    endpoint(listStandingOrderExecutions, async ({ params, query, principal, traceId }) => {
      const before = readCursor(query.cursor);
      if (!before.ok) return refusal(before.failure, traceId);
      const page = { before: before.value, limit: query.limit ?? PAGE_SIZE_DEFAULT };
      const listed = await listExecutions(ofId(params.id), { id: params.id, owner: principal.subject }, page);
      if (!listed.ok) return refusal(listed.failure, traceId);
      const { executions, nextBefore } = listed.value;
      return { status: 200, body: { data: executions.map(presentExecution), nextCursor: writeCursor(nextBefore) } };
    }),
    endpoint(pauseStandingOrder, async (call) =>
      reply(await change(ofId(call.params.id), call, { action: 'pause' }), call.traceId),
    ),
    endpoint(resumeStandingOrder, async (call) =>
      reply(await change(ofId(call.params.id), call, { action: 'resume' }), call.traceId),
    ),
    endpoint(skipStandingOrder, async (call) =>
      reply(await change(ofId(call.params.id), call, { action: 'skip', date: call.body.date }), call.traceId),
    ),
    endpoint(cancelStandingOrder, async (call) =>
      reply(await change(ofId(call.params.id), call, { action: 'cancel' }), call.traceId),
    ),
  ];
}

async function create(
  orders: StandingOrders,
  approvals: Approvals,
  call: CallContext<typeof createRoute>,
): Promise<Reply> {
  const { body, principal, caller, headers, idempotencyKey, traceId } = call;
  const confirmation = confirmationIn(headers);
  if (!confirmation.ok) return unreadableConfirmation(confirmation.failure, traceId);
  const money = parseMoney(body.amount);
  if (!money.ok) return refusal(money.failure, traceId);
  const iban = readIban(body.toIban);
  if (!iban.ok) return refusal(iban.failure, traceId);
  const { fromAccountId, payeeName, reference = '', frequency, startDate, endDate = null } = body;
  const wanted = {
    fromAccountId,
    payeeName,
    reference,
    frequency,
    startDate,
    endDate,
    toIban: iban.value,
    ...money.value,
  };
  const approval = await requestApproval(approvals, payerOf(principal, caller), {
    debitAccountId: fromAccountId,
    payee: { iban: iban.value },
    confirmationId: confirmation.value,
  });
  const outcome = await createStandingOrder(orders, {
    ...(approval === undefined ? {} : { approval }),
    actor: caller,
    scope: `${principal.subject} createStandingOrder`,
    key: idempotencyKey,
    fingerprint: fingerprintOf(
      'createStandingOrder',
      fromAccountId,
      wanted.toIban,
      payeeName,
      wanted.amountMinor,
      wanted.currency,
      reference,
      frequency,
      startDate,
      endDate,
    ),
    wanted,
    openMax: OPEN_MAX,
    present: (result) => presentCreated(result, orders.now().businessDate, traceId),
  });
  return outcomeReply(outcome, traceId);
}

/** Kept are what was made and the refusals of a rule; a wrong date or an account that is not there may be another day. */
function presentCreated(result: Result<StandingOrder, StandingOrderFailure>, today: IsoDate, traceId: string): Answer {
  if (result.ok) return { status: 201, body: JSON.stringify(presentOrder(result.value, today)), isFinal: true };
  const { status, text = '' } = refusal(result.failure, traceId);
  return { status, body: text, isFinal: status !== 400 && status !== 404 && !mayChange(result.failure.code) };
}

type ChangeCall = Pick<CallContext<typeof pauseStandingOrder>, 'params' | 'caller'>;

function change(orders: StandingOrders, { params, caller }: ChangeCall, request: ChangeRequest) {
  return changeStandingOrder(orders, params.id, caller, request);
}

function presentOrder(order: StandingOrder, today: IsoDate): StandingOrderAnswer {
  return {
    id: order.id,
    status: order.status,
    ...(order.pausedBecause === null ? {} : { pausedBecause: order.pausedBecause }),
    fromAccountId: order.fromAccountId,
    toIban: order.toIban,
    payeeName: order.payeeName,
    amount: formatMoney(order.amountMinor, order.currency),
    reference: order.reference,
    frequency: order.frequency,
    startDate: order.startDate,
    endDate: order.endDate,
    nextDate: upcomingDate(order, today),
    attempts: order.attempts,
    createdAt: new Date(order.createdAtMs).toISOString(),
  };
}

function presentExecution(execution: ExecutionRecord): ExecutionAnswer {
  return {
    dueDate: execution.dueDate,
    attempt: execution.attempt,
    outcome: execution.outcome,
    ...(execution.transferId === null ? {} : { transferId: execution.transferId }),
    ...(execution.problemCode === null ? {} : { problemCode: execution.problemCode }),
    at: new Date(execution.atMs).toISOString(),
  };
}

const CURSOR = /^(\d{4}-\d{2}-\d{2})\.(\d{1,4})$/;

function readCursor(cursor: string | undefined) {
  if (cursor === undefined) return ok(null);
  const [, dueDate = '', attempt = ''] = CURSOR.exec(cursor) ?? [];
  if (isCalendarDate(dueDate)) return ok<ExecutionPosition>({ dueDate, attempt: Number(attempt) });
  return fail({ code: 'invalid-cursor', detail: 'The cursor is not one that this operation gave out.' } as const);
}

function writeCursor(position: ExecutionPosition | null): string | null {
  return position === null ? null : `${position.dueDate}.${position.attempt}`;
}
