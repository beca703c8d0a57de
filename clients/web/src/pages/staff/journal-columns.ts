import { formatMoney, parseSignedMoney } from '@florin/money';
import type { JournalDetail, Money } from '@florin/sdk';
import { magnitude, signOf } from '../../format/money.ts';

type Posting = JournalDetail['postings'][number];

/** A posting in the two columns of an entry: what leaves an account is its debit, what comes to it its credit. */
export interface EntryLine {
  readonly account: Posting['account'];
  readonly debit: Money | null;
  readonly credit: Money | null;
  readonly balanceAfter: Money | null;
}

export function entryLines(postings: readonly Posting[]): EntryLine[] {
  return postings.map(({ account, amount, balanceAfter }) => {
    const isDebit = signOf(amount) === 'out';
    return {
      account,
      debit: isDebit ? magnitude(amount) : null,
      credit: isDebit ? null : amount,
      balanceAfter,
    };
  });
}

/** What amounts of one currency add up to, exactly; undefined when there is none, or one that can not be read. */
export function sumOf(amounts: readonly (Money | null)[]): Money | undefined {
  const present = amounts.filter((money) => money !== null);
  const currency = present[0]?.currency;
  if (currency === undefined) return undefined;
  let sumMinor = 0n;
  for (const money of present) {
    const parsed = parseSignedMoney(money);
    if (!parsed.ok || money.currency !== currency) return undefined;
    sumMinor += parsed.value.amountMinor;
  }
  return formatMoney(sumMinor, currency);
}
