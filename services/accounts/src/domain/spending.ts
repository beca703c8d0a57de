import type { Period } from './calendar.ts';
import type { Category } from './category.ts';
import type { HistoryLine } from './history.ts';

/** The month that was asked for, and the one before, to compare with. */
export interface ComparedMonths {
  readonly month: Period;
  readonly before: Period;
}

/** What lines of one kind come to; or one line. */
export interface SpendingSum {
  readonly currency: string;
  readonly isMonthBefore: boolean;
  readonly isSpending: boolean;
  readonly category: Category;
  /** As on the account: negative went out. */
  readonly sumMinor: bigint;
  /** Payments, less those that were taken back. */
  readonly count: number;
}

export interface CategorySpending {
  readonly category: Category;
  readonly spentMinor: bigint;
  readonly spentBeforeMinor: bigint;
  readonly count: number;
}

export interface CurrencySpending {
  readonly currency: string;
  readonly receivedMinor: bigint;
  readonly spentMinor: bigint;
  readonly spentBeforeMinor: bigint;
  /** The largest first. */
  readonly categories: readonly CategorySpending[];
}

/**
 * What one line counts as; undefined when it lies outside both months, or only moves money between the caller's own
 * accounts. A reversal counts against what it takes back, in the month in which it was booked: a month that is over
 * keeps its sums. The same rule as in SQL, for lines that came straight from the ledger.
 */
export function sumOfLine(
  line: HistoryLine,
  currency: string,
  months: ComparedMonths,
  ownIbans: ReadonlySet<string>,
): SpendingSum | undefined {
  if (line.counterpartyIban !== null && ownIbans.has(line.counterpartyIban)) return undefined;
  const isMonthBefore = isWithin(line.bookedAtMs, months.before);
  if (!isMonthBefore && !isWithin(line.bookedAtMs, months.month)) return undefined;
  const isReversal = line.kind === 'reversal';
  const isSpending = line.amountMinor < 0n !== isReversal;
  const { category, amountMinor: sumMinor } = line;
  return { currency, isMonthBefore, isSpending, category, sumMinor, count: isReversal ? -1 : 1 };
}

function isWithin(atMs: number, period: Period): boolean {
  return atMs >= period.fromMs && atMs < period.untilMs;
}

/** Sums of the same kind as one. */
export function mergeSums(sums: readonly SpendingSum[]): SpendingSum[] {
  const merged = new Map<string, SpendingSum>();
  for (const sum of sums) {
    const key = `${sum.currency} ${sum.isMonthBefore} ${sum.isSpending} ${sum.category}`;
    const known = merged.get(key);
    const more = { sumMinor: sum.sumMinor + (known?.sumMinor ?? 0n), count: sum.count + (known?.count ?? 0) };
    merged.set(key, { ...sum, ...more });
  }
  return [...merged.values()];
}

/** Sums as people read them, one entry a currency, in the order given. */
export function summariseSpending(currencies: readonly string[], sums: readonly SpendingSum[]): CurrencySpending[] {
  return [...new Set(currencies)].map((currency) => {
    const own = sums.filter((sum) => sum.currency === currency);
    const spending = own.filter((sum) => sum.isSpending);
    return {
      currency,
      receivedMinor: total(own.filter((sum) => !sum.isSpending && !sum.isMonthBefore)),
      spentMinor: -total(spending.filter((sum) => !sum.isMonthBefore)),
      spentBeforeMinor: -total(spending.filter((sum) => sum.isMonthBefore)),
      categories: byCategory(spending),
    };
  });
}

function total(sums: readonly SpendingSum[]): bigint {
  return sums.reduce((sum, { sumMinor }) => sum + sumMinor, 0n);
}

function byCategory(spending: readonly SpendingSum[]): CategorySpending[] {
  const categories = [...new Set(spending.map((sum) => sum.category))].sort();
  return categories
    .map((category) => {
      const own = spending.filter((sum) => sum.category === category);
      const now = own.filter((sum) => !sum.isMonthBefore);
      const count = now.reduce((sum, each) => sum + each.count, 0);
      return {
        category,
        spentMinor: -total(now),
        spentBeforeMinor: -total(own.filter((sum) => sum.isMonthBefore)),
        // More may be taken back in a month than was paid in it.
        count: Math.max(0, count),
      };
    })
    .filter(({ spentMinor, spentBeforeMinor, count }) => spentMinor !== 0n || spentBeforeMinor !== 0n || count !== 0)
    .sort((a, b) => compare(b.spentMinor, a.spentMinor) || compare(b.spentBeforeMinor, a.spentBeforeMinor));
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
