import type { Account, Money } from '@florin/sdk';
import { minorUnits } from '../../payment/minor-units.ts';

/** The accounts in one currency. */
export interface AccountGroup {
  readonly currency: string;
  readonly accounts: readonly Account[];
  /** What is available on all of them together; undefined when there is nothing to add up. */
  readonly available?: Money;
}

/** Accounts by currency, in the order in which the bank lists them; closed ones come last in their group. */
export function groupAccounts(accounts: readonly Account[]): AccountGroup[] {
  const currencies = [...new Set(accounts.map((account) => account.currency))];
  return currencies.map((currency) => {
    const inCurrency = accounts.filter((account) => account.currency === currency);
    const open = inCurrency.filter((account) => account.status !== 'closed');
    const closed = inCurrency.filter((account) => account.status === 'closed');
    const sorted = [...open, ...closed];
    if (open.length < 2) return { currency, accounts: sorted };
    return { currency, accounts: sorted, available: sumOf(open.map((account) => account.balance.available)) };
  });
}

/** Adds amounts of one currency up, in minor units. All have the same digits after the point, as the bank writes them. */
function sumOf(amounts: readonly Money[]): Money {
  const [first] = amounts;
  const digits = first?.amount.split('.')[1]?.length ?? 0;
  const minor = amounts.reduce((sum, money) => sum + minorUnits(money), 0n);
  const sign = minor < 0n ? '-' : '';
  const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  const amount = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return { amount: sign + amount, currency: first?.currency ?? '' };
}
