import { fail, type IsoDate, ok, type Result } from '@florin/primitives';
import type { AccountStatus } from './account.ts';
import { addDays } from './calendar.ts';
import type { Challenge } from './challenge.ts';
import type { LedgerFailureCode } from './failures.ts';
import { firstAfter, firstFrom, type Schedule } from './schedule.ts';

export type StandingOrderStatus = 'active' | 'paused' | 'ended' | 'cancelled';

/** What was agreed when a standing order was made; nothing of it changes. */
export interface StandingOrderTerms extends Schedule {
  readonly id: string;
  /** The customer who made it, and for whom each payment is asked for. */
  readonly owner: string;
  readonly fromAccountId: string;
  readonly toAccountId: string;
  readonly toIban: string;
  /** What its owner calls the payee. */
  readonly payeeName: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly createdAtMs: number;
}

export interface StandingOrder extends StandingOrderTerms {
  readonly status: StandingOrderStatus;
  /** `by-owner`, or the code of the refusal that keeps it from going on; null unless it is paused. */
  readonly pausedBecause: string | null;
  /** The date of the schedule that is to be paid next. It only rises, so no date is paid twice; null when it is over. */
  readonly nextDate: IsoDate | null;
  /** How often `nextDate` was tried for lack of funds. */
  readonly attempts: number;
  /** The business date from which `nextDate` is to be tried; later than it while a retry is due. */
  readonly tryOn: IsoDate | null;
  /** The transfer that a payment under way will be; null while nothing was asked of the ledger in this version. */
  readonly transferId: string | null;
  /** Rises with every change but the beginning of a payment. */
  readonly version: number;
}

/** What became of one date, or of one attempt at it. Only `will-retry` is not its end. */
export interface Execution {
  readonly dueDate: IsoDate;
  /** From 1; a skipped date stands before the attempt that was not made. */
  readonly attempt: number;
  readonly outcome: 'completed' | 'will-retry' | 'failed' | 'skipped';
  readonly transferId: string | null;
  readonly problemCode: string | null;
}

/** A standing order after something happened to it, and what is to be written about that. */
export interface Change {
  readonly order: StandingOrder;
  readonly execution: Execution | null;
}

export interface StandingOrderFailure {
  readonly code: StandingOrderFailureCode;
  readonly detail: string;
  /** What to confirm; with `confirmation-required`. */
  readonly challenge?: Challenge;
}

export type StandingOrderFailureCode =
  | LedgerFailureCode
  | 'invalid-date'
  | 'invalid-payee'
  | 'not-the-next-date'
  | 'standing-order-not-found'
  | 'standing-order-over'
  | 'too-many-standing-orders';

/** What the ledger answered to a payment. */
export type Payment =
  | { readonly isPaid: true; readonly transferId: string }
  | { readonly isPaid: false; readonly code: string; readonly verdict: Verdict };

/** `short` may be better tomorrow, `missed` concerns this date alone, `stuck` will not get better by itself. */
export type Verdict = 'short' | 'missed' | 'stuck';

/** A payment that lacks funds is tried again on each of so many business dates after its due date. */
export const RETRY_DATES = 3;

const SHORT_OF_FUNDS: ReadonlySet<string> = new Set(['insufficient-funds', 'daily-limit-exceeded']);
const GOING_AWAY: ReadonlySet<AccountStatus> = new Set<AccountStatus>(['closing', 'closed']);

/**
 * What a refusal of the ledger means for the order, given how its two accounts are now. A frozen payer is treated as
 * short of funds: a freeze is lifted within days as a rule, and an order that paused for it would stay paused long after
 * everybody forgot. So only an account that is going away keeps an order from going on.
 */
export function verdictOn(code: string, statuses: readonly AccountStatus[]): Verdict {
  if (SHORT_OF_FUNDS.has(code)) return 'short';
  if (code === 'account-not-active' && !statuses.some((status) => GOING_AWAY.has(status))) return 'short';
  return code === 'balance-limit-exceeded' ? 'missed' : 'stuck';
}

/** An order as it begins: active, its start date first. */
export function beginOrder(terms: StandingOrderTerms): StandingOrder {
  const beginning = { pausedBecause: null, attempts: 0, transferId: null, version: 1 };
  return { ...terms, ...beginning, status: 'active', nextDate: terms.startDate, tryOn: terms.startDate };
}

/** Whether nothing will ever be paid again. */
export function isOver(order: StandingOrder): boolean {
  return order.status === 'ended' || order.status === 'cancelled';
}

/** The date that would be paid next: of a paused order the first from today on, for what it missed is not made up. */
export function upcomingDate(order: StandingOrder, today: IsoDate): IsoDate | null {
  if (order.nextDate === null || order.status !== 'paused' || order.nextDate >= today) return order.nextDate;
  return firstFrom(order, today);
}

/** The order after the ledger answered to the payment of its next date. */
export function afterPayment(order: StandingOrder, payment: Payment, today: IsoDate): Change {
  const dueDate = order.nextDate ?? today;
  const attempt = order.attempts + 1;
  if (payment.isPaid) {
    const { transferId } = payment;
    const execution: Execution = { dueDate, attempt, outcome: 'completed', transferId, problemCode: null };
    return { order: moveOn(order, dueDate), execution };
  }
  const refused = { dueDate, attempt, transferId: null, problemCode: payment.code };
  if (payment.verdict === 'short' && today < addDays(dueDate, RETRY_DATES)) {
    const retried = { ...next(order), attempts: attempt, tryOn: addDays(today, 1) };
    return { order: retried, execution: { ...refused, outcome: 'will-retry' } };
  }
  const moved = moveOn(order, dueDate);
  const stopped = payment.verdict === 'stuck' && !isOver(moved) ? paused(moved, payment.code) : moved;
  return { order: stopped, execution: { ...refused, outcome: 'failed' } };
}

/** The order after a payment under way was called off before the ledger decided it. */
export function withdrawPayment(order: StandingOrder): StandingOrder {
  return next(order);
}

/** Lets the order rest. A date that waits for funds is given up: it would be over when the order goes on. */
export function pauseOrder(order: StandingOrder): Result<Change, StandingOrderFailure> {
  if (isOver(order)) return OVER;
  if (order.status === 'paused') return ok(unchanged(order));
  if (order.attempts === 0) return ok({ order: paused(next(order), 'by-owner'), execution: null });
  const { order: moved, execution } = skipNext(order);
  return ok({ order: isOver(moved) ? moved : paused(moved, 'by-owner'), execution });
}

/** Lets a paused order go on with its first date from today on; it ends when there is none. */
export function resumeOrder(order: StandingOrder, today: IsoDate): Result<Change, StandingOrderFailure> {
  if (isOver(order)) return OVER;
  if (order.status === 'active') return ok(unchanged(order));
  return ok({ order: withNextDate(next(order), upcomingDate(order, today)), execution: null });
}

/** Leaves out the next date, if that is the one that was named. */
export function skipDate(order: StandingOrder, date: IsoDate, today: IsoDate): Result<Change, StandingOrderFailure> {
  if (isOver(order)) return OVER;
  if (upcomingDate(order, today) !== date) {
    return fail({ code: 'not-the-next-date', detail: 'Only the next date of a standing order can be skipped.' });
  }
  const { order: moved, execution } = skipNext({ ...order, nextDate: date });
  const isResting = order.status === 'paused' && !isOver(moved);
  return ok({ order: isResting ? paused(moved, order.pausedBecause ?? 'by-owner') : moved, execution });
}

/** Ends the order for good. A date that waits for funds is given up with it. */
export function cancelOrder(order: StandingOrder): Change {
  if (isOver(order)) return unchanged(order);
  const { order: left, execution } = order.attempts === 0 ? { order: next(order), execution: null } : skipNext(order);
  return { order: { ...left, ...CLOSED, status: 'cancelled' }, execution };
}

const OVER = fail<StandingOrderFailure>({ code: 'standing-order-over', detail: 'The standing order is over.' });
const CLOSED = { nextDate: null, tryOn: null, pausedBecause: null, attempts: 0 } as const;

function unchanged(order: StandingOrder): Change {
  return { order, execution: null };
}

/** A new version, to which no payment belongs yet. */
function next(order: StandingOrder): StandingOrder {
  return { ...order, version: order.version + 1, transferId: null };
}

function moveOn(order: StandingOrder, dueDate: IsoDate): StandingOrder {
  return withNextDate(next(order), firstAfter(order, dueDate));
}

function withNextDate(order: StandingOrder, date: IsoDate | null): StandingOrder {
  if (date === null) return { ...order, ...CLOSED, status: 'ended' };
  return { ...order, status: 'active', pausedBecause: null, nextDate: date, tryOn: date, attempts: 0 };
}

function paused(order: StandingOrder, pausedBecause: string): StandingOrder {
  return { ...order, status: 'paused', pausedBecause };
}

function skipNext(order: StandingOrder): Change {
  const dueDate = order.nextDate ?? order.startDate;
  const attempt = order.attempts + 1;
  const execution: Execution = { dueDate, attempt, outcome: 'skipped', transferId: null, problemCode: null };
  return { order: moveOn(order, dueDate), execution };
}
