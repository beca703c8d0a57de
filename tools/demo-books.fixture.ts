import { CURRENCIES } from '@florin/money';
import { DEMO_ACCOUNTS, nameOf } from './demo-accounts.ts';
import { type DemoEvent, demoHistory } from './demo-history.ts';

/** What a business account is charged for a transfer, in cents; the product says so. */
const BUSINESS_FEE_MINOR = 25n;

/** What should be on the demo's accounts, in minor units, worked out from the story alone. */
export function demoBooks(today: string) {
  const exponents = new Map(DEMO_ACCOUNTS.map((one) => [nameOf(one), CURRENCIES.get(one.currency)?.exponent ?? 0]));
  const minorOf = (account: string, amount: string): bigint =>
    BigInt(Math.round(Number(amount) * 10 ** (exponents.get(account) ?? Number.NaN)));
  const balances = new Map(DEMO_ACCOUNTS.map((one) => [nameOf(one), minorOf(nameOf(one), one.opening ?? '0')]));
  const lowest = new Map(balances);
  const transfers = new Map<string, DemoEvent>();
  /** Two journals for a transfer that costs a fee. */
  let journals = DEMO_ACCOUNTS.filter(({ opening }) => opening !== undefined).length;

  const changesOf = (event: DemoEvent): [string, bigint][] => {
    journals += 1;
    if (event.kind === 'reversal') {
      const original = transfers.get(event.of);
      if (original?.kind !== 'transfer') throw new Error(`${event.key} takes back what is not there`);
      const minor = minorOf(original.from, original.amount);
      return [
        [original.to, -minor],
        [original.from, minor],
      ];
    }
    if (event.kind !== 'transfer') {
      const minor = minorOf(event.account, event.amount);
      return [[event.account, event.kind === 'deposit' ? minor : -minor]];
    }
    transfers.set(event.key, event);
    const minor = minorOf(event.from, event.amount);
    const fee = event.from.endsWith('/business') ? BUSINESS_FEE_MINOR : 0n;
    if (fee > 0n) journals += 1;
    return [
      [event.from, -minor - fee],
      [event.to, minor],
    ];
  };

  for (const { events } of demoHistory(today)) {
    // The worst order of a moment: everything that goes out before anything that comes in.
    const changes = events.flatMap(changesOf).toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
    for (const [account, change] of changes) {
      const balance = (balances.get(account) ?? 0n) + change;
      balances.set(account, balance);
      if (balance < (lowest.get(account) ?? 0n)) lowest.set(account, balance);
    }
  }
  return { balances, lowest, journals };
}
