import { fail, type IsoDate, ok, type Result } from '@florin/primitives';
import { type Account, isOwner } from './account.ts';
import { addMonths, isCalendarDate } from './calendar.ts';
import { checkCredit, currencyMismatch, notActive } from './rules.ts';
import {
  beginOrder,
  type StandingOrder,
  type StandingOrderFailure,
  type StandingOrderTerms,
} from './standing-order.ts';

/** A standing order begins within so many months from today. */
const START_MONTHS_AHEAD_MAX = 24;

/** What an order to be made is decided over. */
export interface OrderSurroundings {
  readonly payer: Account | undefined;
  readonly payee: Account | undefined;
  /** How many of the customer's orders are not over, and how many there may be. */
  readonly open: number;
  readonly openMax: number;
}

/**
 * Whether a customer may make a standing order. Its dates must be days of the calendar in their order, the payer's
 * account the customer's own and active, the payee's one that takes the money, both in the currency of the amount.
 * Fails with `account-not-found`, `same-account`, `account-not-active`, `currency-mismatch` or
 * `too-many-standing-orders`.
 */
export function decideStandingOrder(
  terms: StandingOrderTerms,
  { payer, payee, open, openMax }: OrderSurroundings,
): Result<StandingOrder, StandingOrderFailure> {
  if (payer === undefined || !isOwner(payer, terms.owner) || payee === undefined) return NO_ACCOUNT;
  if (payer.id === payee.id) return fail({ code: 'same-account', detail: 'The two accounts must be different.' });
  if (payer.status !== 'active') return notActive(payer, 'send money');
  if (payer.currency !== terms.currency) return currencyMismatch(payer, terms.currency);
  // Whether the payee's balance has room is for the day of each payment.
  const credit = checkCredit(payee, 0n, terms.currency);
  if (!credit.ok) return credit;
  if (open >= openMax) {
    return fail({ code: 'too-many-standing-orders', detail: `A customer can have ${openMax} standing orders.` });
  }
  return ok(beginOrder(terms));
}

const NO_ACCOUNT = fail<StandingOrderFailure>({ code: 'account-not-found', detail: 'There is no such account.' });

/** The first and the last date of a new order; fails with `invalid-date`. */
export function checkDates(
  dates: { readonly startDate: IsoDate; readonly endDate: IsoDate | null },
  today: IsoDate,
): Result<null, StandingOrderFailure> {
  const { startDate, endDate } = dates;
  if (!isCalendarDate(startDate)) return invalidDate('The start date is not a day of the calendar.');
  if (startDate < today) return invalidDate(`The start date is before today, ${today}.`);
  if (startDate > addMonths(today, START_MONTHS_AHEAD_MAX)) {
    return invalidDate(`The start date is more than ${START_MONTHS_AHEAD_MAX} months ahead.`);
  }
  if (endDate === null) return ok(null);
  if (!isCalendarDate(endDate)) return invalidDate('The end date is not a day of the calendar.');
  if (endDate < startDate) return invalidDate('The end date is before the start date.');
  return ok(null);
}

function invalidDate(detail: string) {
  return fail<StandingOrderFailure>({ code: 'invalid-date', detail });
}
