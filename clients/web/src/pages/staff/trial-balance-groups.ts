import type { Money, TrialBalance } from '@florin/sdk';
import { magnitude, signOf } from '../../format/money.ts';

/** One account in the two columns; what customers have is owed to them, so it stands under credit. */
export interface TrialRow {
  readonly account: string;
  readonly debit: Money | null;
  readonly credit: Money | null;
}

export interface TrialGroup {
  readonly currency: string;
  readonly rows: readonly TrialRow[];
  readonly total: TrialBalance['totals'][number];
  readonly isBalanced: boolean;
}

/** The trial balance by currency, customers' money first, and whether each currency adds up to nothing. */
export function trialGroups({ lines, totals }: TrialBalance): TrialGroup[] {
  return totals.map((total) => ({
    currency: total.currency,
    rows: lines
      .filter(({ currency }) => currency === total.currency)
      .toSorted((one, other) => Number(isOfCustomers(other.account)) - Number(isOfCustomers(one.account)))
      .map(({ account, posted }) => {
        const isDebit = signOf(posted) === 'out';
        return { account, debit: isDebit ? magnitude(posted) : null, credit: isDebit ? null : posted };
      }),
    total,
    isBalanced: signOf(total.difference) === 'none',
  }));
}

function isOfCustomers(account: string): boolean {
  return account === 'customer-accounts';
}
