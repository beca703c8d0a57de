import { type IsoDate, ok, type Result } from '@florin/primitives';
import { isOver, type StandingOrder, type StandingOrderFailure, upcomingDate } from '../domain/standing-order.ts';
import {
  type ExecutionPosition,
  type ExecutionRecord,
  findExecutions,
} from '../repositories/standing-order-executions.ts';
import { findOrder, findOrders, type OrderWithEnd } from '../repositories/standing-orders.ts';
import { NOT_FOUND } from './change-standing-order.ts';
import type { StandingOrders } from './standing-orders.ts';

export type { ExecutionPosition, ExecutionRecord };

/** How many orders that are over are still shown. */
const OVER_SHOWN_MAX = 50;

/** A customer's orders: by the date they are due next, then the latest that are over. */
export async function listStandingOrders(
  shards: readonly Pick<StandingOrders, 'db'>[],
  { owner, openMax, today }: { readonly owner: string; readonly openMax: number; readonly today: IsoDate },
): Promise<StandingOrder[]> {
  const found = await Promise.all(shards.map(({ db }) => findOrders(db, owner, openMax + OVER_SHOWN_MAX)));
  const all = found.flat();
  const open = all.flatMap(({ order }) => (isOver(order) ? [] : [order]));
  const over = all.filter(({ order }) => isOver(order)).sort(byEnd);
  return [...open.sort((a, b) => compareDue(a, b, today)), ...over.slice(0, OVER_SHOWN_MAX).map(({ order }) => order)];
}

/** The last that was over first. */
function byEnd(a: OrderWithEnd, b: OrderWithEnd): number {
  const [endA, endB] = [a.overAt?.getTime() ?? 0, b.overAt?.getTime() ?? 0];
  return endB - endA || (a.order.id < b.order.id ? -1 : 1);
}

/** By the next date; a paused order without one comes last. */
function compareDue(a: StandingOrder, b: StandingOrder, today: IsoDate): number {
  const [dueA, dueB] = [upcomingDate(a, today), upcomingDate(b, today)];
  if (dueA === dueB) return a.id < b.id ? -1 : 1;
  return dueA === null || (dueB !== null && dueA > dueB) ? 1 : -1;
}

/** One of a customer's orders. Fails with `standing-order-not-found`. */
export async function getStandingOrder(
  { db }: StandingOrders,
  id: string,
  owner: string,
): Promise<Result<StandingOrder, StandingOrderFailure>> {
  const order = await findOrder(db, id, owner);
  return order === undefined ? NOT_FOUND : ok(order);
}

export interface ExecutionPage {
  readonly executions: readonly ExecutionRecord[];
  /** Where the next page starts; null on the last one. */
  readonly nextBefore: ExecutionPosition | null;
}

/** What became of the dates of a customer's order, newest first. Fails with `standing-order-not-found`. */
export async function listExecutions(
  { db }: StandingOrders,
  order: { readonly id: string; readonly owner: string },
  page: { readonly before: ExecutionPosition | null; readonly limit: number },
): Promise<Result<ExecutionPage, StandingOrderFailure>> {
  if ((await findOrder(db, order.id, order.owner)) === undefined) return NOT_FOUND;
  const found = await findExecutions(db, order.id, { before: page.before, limit: page.limit + 1 });
  const executions = found.slice(0, page.limit);
  return ok({ executions, nextBefore: found.length > page.limit ? (executions.at(-1) ?? null) : null });
}
