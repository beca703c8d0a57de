import type { Tx } from '@florin/postgres';
import { fail, type IsoDate, ok, type Result, unreachable } from '@florin/primitives';
import type { Actor } from '../domain/actor.ts';
import {
  afterPayment,
  type Change,
  cancelOrder,
  pauseOrder,
  resumeOrder,
  type StandingOrder,
  type StandingOrderFailure,
  skipDate,
  withdrawPayment,
} from '../domain/standing-order.ts';
import { lockOrders } from '../repositories/standing-orders.ts';
import { callOffPayment, judgeAnswers } from './standing-order-payment.ts';
import { type StandingOrders, writeChanges } from './standing-orders.ts';

/** What an owner wants of an order. */
export type ChangeRequest =
  | { readonly action: 'pause' | 'resume' | 'cancel' }
  | { readonly action: 'skip'; readonly date: IsoDate };

/**
 * Changes an order of the actor's. A payment of it that is under way is called off, or, when the ledger was faster,
 * written down first: the change then meets the order as that left it. What is so already stays so. Fails with
 * `standing-order-not-found`, `standing-order-over` or `not-the-next-date`.
 */
export async function changeStandingOrder(
  deps: StandingOrders,
  id: string,
  actor: Actor,
  request: ChangeRequest,
): Promise<Result<StandingOrder, StandingOrderFailure>> {
  const changed = await deps.db.transaction(async (tx): Promise<Result<StandingOrder, StandingOrderFailure>> => {
    const [found] = await lockOrders(tx, [id]);
    if (found === undefined || found.owner !== actor.subject) return NOT_FOUND;
    const { nowMs, businessDate } = deps.now();
    const settled = found.transferId === null ? [] : [await settle(deps, tx, found, businessDate)];
    const before = settled[0]?.order ?? found;
    const decided = decide(before, request, businessDate);
    const isChanged = decided.ok && decided.value.order !== before;
    const changes = isChanged ? [...settled, decided.value] : settled;
    if (changes.length > 0) await writeChanges(deps, tx, changes, nowMs);
    if (!decided.ok) return decided;
    const { order } = decided.value;
    if (isChanged) await deps.publish(tx, [{ kind: 'action', order, action: request.action, actor }]);
    return ok(order);
  });
  deps.published();
  return changed;
}

export const NOT_FOUND = fail<StandingOrderFailure>({
  code: 'standing-order-not-found',
  detail: 'There is no such standing order.',
});

async function settle(deps: StandingOrders, tx: Tx, order: StandingOrder, today: IsoDate): Promise<Change> {
  const answer = await callOffPayment(tx, order);
  if (answer === null) return { order: withdrawPayment(order), execution: null };
  const [judged] = await judgeAnswers(deps, [{ order, answer }]);
  return judged === undefined ? { order, execution: null } : afterPayment(order, judged.payment, today);
}

function decide(order: StandingOrder, request: ChangeRequest, today: IsoDate): Result<Change, StandingOrderFailure> {
  switch (request.action) {
    case 'pause':
      return pauseOrder(order);
    case 'resume':
      return resumeOrder(order, today);
    case 'skip':
      return skipDate(order, request.date, today);
    case 'cancel':
      return ok(cancelOrder(order));
    default:
      return unreachable(request);
  }
}
