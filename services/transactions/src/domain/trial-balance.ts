/** What is on one of the bank's own accounts, or on all accounts of customers together. Positive is owed by the bank. */
export interface TrialLine {
  readonly account: string;
  /** Null for all customers together. */
  readonly accountId: string | null;
  readonly currency: string;
  readonly posted: bigint;
}

/** The two columns of a trial balance added up. They are the same when the books balance. */
export interface TrialTotal {
  readonly currency: string;
  /** The negative balances, without their sign. */
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

/** One line for what several shards have on the same account, by currency and then by account. */
export function sumLines(lines: readonly TrialLine[]): TrialLine[] {
  const sums = new Map<string, TrialLine>();
  for (const line of lines) {
    const key = `${line.currency} ${line.account}`;
    sums.set(key, { ...line, posted: line.posted + (sums.get(key)?.posted ?? 0n) });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

/** Adds the lines up per currency, in the order the currencies first come. */
export function totalsOf(lines: readonly TrialLine[]): TrialTotal[] {
  const totals = new Map<string, TrialTotal>();
  for (const { currency, posted } of lines) {
    const before = totals.get(currency) ?? { currency, debitMinor: 0n, creditMinor: 0n };
    totals.set(
      currency,
      posted < 0n
        ? { ...before, debitMinor: before.debitMinor - posted }
        : { ...before, creditMinor: before.creditMinor + posted },
    );
  }
  return [...totals.values()];
}
