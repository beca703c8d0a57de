import { parseSignedMoney } from '@florin/money';
import { fail, ok, type Result } from '@florin/primitives';
import { isCalendarDate } from './calendar.ts';
import type { Category } from './category.ts';
import type { AccountFailure } from './failures.ts';
import type { HistoryFilter } from './history.ts';

/** A search as people type it: amounts are decimals in the currency of the account. */
export interface HistorySearch {
  readonly from?: string;
  readonly to?: string;
  readonly direction?: 'in' | 'out';
  readonly category?: Category;
  readonly q?: string;
  readonly minAmount?: string;
  readonly maxAmount?: string;
}

/** Reads a search. Fails with `invalid-date` for a day that no calendar has, `invalid-amount` for an amount. */
export function historyFilter(search: HistorySearch, currency: string): Result<HistoryFilter, AccountFailure> {
  for (const date of [search.from, search.to]) {
    if (date !== undefined && !isCalendarDate(date)) {
      return fail({ code: 'invalid-date', detail: 'The dates of a search must be days of the calendar, YYYY-MM-DD.' });
    }
  }
  const least = amountMinor(search.minAmount, currency);
  if (!least.ok) return least;
  const most = amountMinor(search.maxAmount, currency);
  if (!most.ok) return most;
  return ok({
    ...(search.from === undefined ? {} : { from: search.from }),
    ...(search.to === undefined ? {} : { to: search.to }),
    ...(search.direction === undefined ? {} : { direction: search.direction }),
    ...(search.category === undefined ? {} : { category: search.category }),
    ...(search.q === undefined ? {} : { text: search.q }),
    ...(least.value === undefined ? {} : { minMinor: least.value }),
    ...(most.value === undefined ? {} : { maxMinor: most.value }),
  });
}

function amountMinor(amount: string | undefined, currency: string): Result<bigint | undefined, AccountFailure> {
  if (amount === undefined) return ok(undefined);
  const parsed = parseSignedMoney({ amount, currency });
  if (parsed.ok && parsed.value.amountMinor >= 0n) return ok(parsed.value.amountMinor);
  return fail({ code: 'invalid-amount', detail: `Amounts of a search are decimals in ${currency}, without a sign.` });
}
