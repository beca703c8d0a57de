import type { Database } from '@florin/postgres';
import { type NewId, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import type { Context } from '../domain/ledger-view.ts';
import { compareNames, type NameCheck } from '../domain/name-match.ts';
import { type InvalidPayee, isIbanOfBank, readIban } from '../domain/payee.ts';
import { findAccountIdByIban, findAccounts } from '../repositories/accounts.ts';
import type { PayeeChecks, TooManyChecks } from './payee-checks.ts';

/** What the use cases of payees work with. */
export interface Payees {
  readonly db: Database;
  readonly newId: NewId;
  /** The business clock. */
  readonly now: () => Context;
  /** Four letters in every IBAN of this bank. */
  readonly bankCode: string;
  readonly checks: PayeeChecks;
}

export interface CheckedPayee {
  readonly iban: string;
  readonly isOurs: boolean;
  /** The account, if it is one of ours that may be paid. */
  readonly account: Account | undefined;
  readonly result: NameCheck;
}

/**
 * Whether an account is held under a name. `not-possible` for an account of another bank, and, so that nobody learns
 * which IBANs we gave out, for one of ours that no open account has. Fails with `invalid-payee` when the IBAN can not
 * be one, and with `too-many-payee-checks`.
 */
export async function checkPayee(
  { db, bankCode, checks }: Payees,
  asked: { readonly customer: string; readonly iban: string; readonly name: string },
): Promise<Result<CheckedPayee, InvalidPayee | TooManyChecks>> {
  const iban = readIban(asked.iban);
  if (!iban.ok) return iban;
  const check = checks.begin(asked.customer);
  if (!check.ok) return check;
  const isOurs = isIbanOfBank(iban.value, bankCode);
  const account = isOurs ? await findPayableAccount(db, iban.value) : undefined;
  const result = account === undefined ? 'not-possible' : compareNames(asked.name, account.holderName);
  // About another bank nothing can be guessed.
  if (result === 'match' || !isOurs) check.value.wasRight();
  return ok({ iban: iban.value, isOurs, account, result });
}

async function findPayableAccount(db: Database, iban: string): Promise<Account | undefined> {
  const id = await findAccountIdByIban(db, iban);
  const [account] = id === undefined ? [] : await findAccounts(db, [id]);
  return account?.status === 'active' || account?.status === 'frozen' ? account : undefined;
}
