import { formatMoney, parseMoney } from '@florin/money';
import type { Money, StandingOrder } from '@florin/sdk';
import { addDays, datesBetween } from './schedule.ts';

/** How far ahead the sum looks. */
const DUE_DAYS = 30;

/** The dates of an order that are to be paid within so many days, today among them. A date still being tried counts. */
export function dueDates(order: StandingOrder, today: string, days: number = DUE_DAYS): string[] {
  if (order.status !== 'active' || order.nextDate === null) return [];
  return datesBetween(order, order.nextDate, addDays(today, days));
}

/**
 * What all orders together will take within the next days, per currency in the order they first come up; exact whatever
 * the size. A currency in which nothing is due is left out.
 */
export function sumDue(orders: readonly StandingOrder[], today: string): Money[] {
  const sums = new Map<string, bigint>();
  for (const order of orders) {
    const count = dueDates(order, today).length;
    const amount = parseMoney(order.amount);
    if (count === 0 || !amount.ok) continue;
    const { currency, amountMinor } = amount.value;
    sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor * BigInt(count));
  }
  return Array.from(sums, ([currency, amountMinor]) => formatMoney(amountMinor, currency));
}
