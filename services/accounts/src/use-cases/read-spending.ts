import type { Account } from '../domain/account.ts';
import type { MinimumVersions } from '../domain/balance.ts';
import { type Month, monthOf, periodBefore, periodOf } from '../domain/calendar.ts';
import type { HistoryLine } from '../domain/history.ts';
import { type CurrencySpending, summariseSpending, sumOfLine } from '../domain/spending.ts';
import { listAccountsOf } from '../repositories/accounts.ts';
import { findBalanceViews } from '../repositories/balances.ts';
import { businessToday } from './business-today.ts';
import { newerLines } from './newer-lines.ts';
import type { Deps } from './ports.ts';
import type { SpendingSums } from './spending-sums.ts';

export interface SpendingDeps extends Pick<Deps, 'db' | 'ledger' | 'metrics' | 'clock'> {
  readonly spendingSums: SpendingSums;
}

export interface Spending {
  readonly month: Month;
  readonly currencies: readonly CurrencySpending[];
}

/**
 * What a customer received and spent in a month, by default the present one, over all accounts that are theirs, and
 * what they had spent in the month before. Money moved between those accounts is neither. At least as new as the
 * customer's own last write.
 */
export async function readSpending(
  deps: SpendingDeps,
  customerId: string,
  wanted: { readonly month: Month | undefined; readonly minimum: MinimumVersions },
): Promise<Spending> {
  const accounts = await listAccountsOf(deps.db, customerId);
  const parts = await accountParts(deps, accounts, wanted.minimum);
  const newest = parts.flatMap((part) => part.newest);
  const ids = accounts.map((account) => account.id);
  const month = wanted.month ?? monthOf(await businessToday(deps, ids, newest));
  const months = { month: periodOf(month), before: periodBefore(month) };
  const ownIbans = accounts.map((account) => account.iban);
  const own = new Set(ownIbans);
  const sums = [
    ...(await deps.spendingSums.sum({ customerId, accounts: parts, months, ownIbans })),
    ...parts.flatMap(({ currency, newest: lines }) =>
      lines.flatMap((line) => sumOfLine(line, currency, months, own) ?? []),
    ),
  ];
  const currencies = accounts.map((account) => account.currency);
  return { month, currencies: summariseSpending(currencies, sums) };
}

interface AccountPart {
  readonly accountId: string;
  readonly currency: string;
  /** Where the read model ends. */
  readonly version: number;
  /** Lines after it, which only the ledger has yet. */
  readonly newest: readonly HistoryLine[];
}

async function accountParts(
  deps: SpendingDeps,
  accounts: readonly Account[],
  minimum: MinimumVersions,
): Promise<AccountPart[]> {
  if (accounts.length === 0) return [];
  const views = await findBalanceViews(
    deps.db,
    accounts.map((account) => account.id),
  );
  return Promise.all(
    views.map(async (view) => {
      const { knownVersion, lines } = await newerLines(deps, view, minimum);
      const { accountId, currency } = view;
      return { accountId, currency, version: knownVersion, newest: lines };
    }),
  );
}
