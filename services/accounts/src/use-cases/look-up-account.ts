import { isValidIban, normaliseIban } from '@florin/money';
import { fail, ok, type Result } from '@florin/primitives';
import type { MinimumVersions } from '../domain/balance.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import { findAccountByIban } from '../repositories/accounts.ts';
import type { Deps } from './ports.ts';
import { type AccountWithBalance, withBalances } from './read-accounts.ts';

/** The account of an IBAN as people write it, for staff whom the route let in. Fails with `account-not-found`. */
export async function lookUpAccount(
  deps: Pick<Deps, 'db' | 'ledger' | 'metrics'>,
  iban: string,
  minimum: MinimumVersions,
): Promise<Result<AccountWithBalance, AccountFailure>> {
  const wanted = normaliseIban(iban);
  if (!isValidIban(wanted)) return fail(NOT_FOUND);
  const account = await findAccountByIban(deps.db, wanted);
  if (account === undefined) return fail(NOT_FOUND);
  const [found] = await withBalances(deps, [account], minimum);
  return found === undefined ? fail(NOT_FOUND) : ok(found);
}
