import { createPayee, createStandingOrder } from '@florin/contracts';
import { type IsoDate, utcDate } from '@florin/primitives';
import type { DemoBank } from './demo-bank.ts';

/** An account of the demo as the bank knows it. */
export interface OpenedAccount {
  readonly id: string;
  readonly iban: string;
}

/** Whom people pay again, by the account and the name they know them by. */
const PAYEES: readonly (readonly [login: string, account: string, name: string])[] = [
  ['alice', 'kanaal/business', 'Kanaal Housing'],
  ['alice', 'zeker/business', 'Zeker Verzekeringen'],
  ['alice', 'bob/current', 'Bob de Vries'],
  ['bob', 'kanaal/business', 'Kanaal Housing'],
  ['bob', 'kees/business', 'Fietsatelier Kees'],
  ['bob', 'alice/current', 'Alice Jansen'],
];

/** What goes out every month from the next such day on, as it did in the months before. */
const ORDERS: readonly (readonly [
  login: string,
  to: string,
  payee: string,
  amount: string,
  what: string,
  day: number,
])[] = [
  ['alice', 'kanaal/business', 'Kanaal Housing', '1150.00', 'Rent', 1],
  ['alice', 'alice/savings', 'Alice Jansen', '600.00', 'Savings', 27],
  ['bob', 'kanaal/business', 'Kanaal Housing', '985.00', 'Rent', 1],
  ['bob', 'bob/savings', 'Bob de Vries', '400.00', 'Savings', 27],
];

/** A ledger of before payees and standing orders answers this. */
const NOT_THERE_YET = 'not-found';

/** Keeps payees and standing orders for alice and bob; those that a first try made stay as they are. */
export async function keepPayeesAndOrders(
  demo: DemoBank,
  today: IsoDate,
  accountOf: (name: string) => OpenedAccount,
): Promise<void> {
  for (const [login, account, name] of PAYEES) {
    const body = { name, iban: accountOf(account).iban };
    await demo.post(login, createPayee.path, body, undefined, ['payee-exists', NOT_THERE_YET]);
  }
  for (const [login, to, payeeName, amount, reference, day] of ORDERS) {
    const body = {
      fromAccountId: accountOf(`${login}/current`).id,
      toIban: accountOf(to).iban,
      payeeName,
      amount: { amount, currency: 'EUR' },
      reference,
      frequency: 'monthly',
      startDate: nextOn(day, today),
    };
    const key = `demo-order-${login}-${reference}`;
    // A try of another month named another date under this key, and its order is there.
    const allowed = ['idempotency-key-reused', NOT_THERE_YET];
    await demo.post(login, createStandingOrder.path, body, key, allowed);
  }
}

/** The first such day of a month after today; every month has the days that are asked for. */
function nextOn(day: number, today: IsoDate): IsoDate {
  const [year = 0, month = 0] = today.split('-').map(Number);
  const thisMonth = utcDate(Date.UTC(year, month - 1, day));
  return thisMonth > today ? thisMonth : utcDate(Date.UTC(year, month, day));
}
