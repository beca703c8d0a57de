/** What one teller moves in cash without a second person, in minor units by currency. In others nothing is moved alone. */
export type CashLimits = ReadonlyMap<string, bigint>;

/** Whether this much cash takes two people. */
export function takesTwo(limits: CashLimits, amountMinor: bigint, currency: string): boolean {
  return amountMinor > (limits.get(currency) ?? 0n);
}
