import { fail, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import { type Actor, mayRead } from '../domain/actor.ts';
import type { Balance, MinimumVersions } from '../domain/balance.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import { findAccount, listAccountsOf } from '../repositories/accounts.ts';
import { freshBalances } from './fresh-balances.ts';
import type { Deps } from './ports.ts';

export interface AccountWithBalance {
  readonly account: Account;
  readonly balance: Balance;
}

type ReadDeps = Pick<Deps, 'db' | 'ledger' | 'metrics'>;

/** One account. Fails with `account-not-found`, also when it is not the actor's to see. */
export async function readAccount(
  deps: ReadDeps,
  actor: Actor,
  accountId: string,
  minimum: MinimumVersions,
): Promise<Result<AccountWithBalance, AccountFailure>> {
  const account = await findAccount(deps.db, accountId);
  if (account === undefined || !mayRead(account.owners, actor)) return fail(NOT_FOUND);
  const [found] = await withBalances(deps, [account], minimum);
  return found === undefined ? fail(NOT_FOUND) : ok(found);
}

/** The accounts of a customer, in the order they were opened. */
export async function listAccounts(
  deps: ReadDeps,
  customerId: string,
  minimum: MinimumVersions,
): Promise<AccountWithBalance[]> {
  return withBalances(deps, await listAccountsOf(deps.db, customerId), minimum);
}

/** Adds balances; zero for an account whose first event has not arrived. */
export async function withBalances(
  deps: ReadDeps,
  accounts: readonly Account[],
  minimum: MinimumVersions,
): Promise<AccountWithBalance[]> {
  if (accounts.length === 0) return [];
  const ids = accounts.map((account) => account.id);
  const balances = await freshBalances(deps, ids, minimum);
  return accounts.map((account) => ({ account, balance: balances.get(account.id) ?? emptyBalance(account) }));
}

function emptyBalance(account: Account): Balance {
  return { postedMinor: 0n, heldMinor: 0n, overdraftMinor: account.overdraftMinor, version: 0 };
}
