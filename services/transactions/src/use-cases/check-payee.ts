import type { Tx } from '@florin/postgres';
import { type Clock, type NewId, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import type { Actor } from '../domain/actor.ts';
import type { Context } from '../domain/ledger-view.ts';
import { compareNames, type NameCheck } from '../domain/name-match.ts';
import { type InvalidPayee, isIbanOfBank, type Payee, readIban } from '../domain/payee.ts';
import type { RecordNote } from './ledger.ts';
import type { PayeeChecks, TooManyChecks } from './payee-checks.ts';
import { findAccountByIban, type Shards } from './shards.ts';

/** What the use cases of payees work with. */
export interface Payees {
  readonly shards: Shards;
  readonly newId: NewId;
  /** The business clock. */
  readonly now: () => Context;
  /** Four letters in every IBAN of this bank. */
  readonly bankCode: string;
  readonly checks: PayeeChecks;
  /** Says that somebody trusts a payee, or no more, in the transaction that made it so. */
  readonly publishTrust: (tx: Tx, payee: Payee, actor: Actor) => Promise<void>;
  /** Called when something was published at a customer's home. */
  readonly published: (customer: string) => void;
  /** The system's clock, for how long ago somebody signed in. */
  readonly clock: Clock;
  /** Puts on record what a transaction changes. */
  readonly record: RecordNote;
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
  { shards, bankCode, checks }: Payees,
  asked: { readonly customer: string; readonly iban: string; readonly name: string },
): Promise<Result<CheckedPayee, InvalidPayee | TooManyChecks>> {
  const iban = readIban(asked.iban);
  if (!iban.ok) return iban;
  const check = checks.begin(asked.customer);
  if (!check.ok) return check;
  const isOurs = isIbanOfBank(iban.value, bankCode);
  const account = isOurs ? await findPayableAccount(shards, iban.value) : undefined;
  const result = account === undefined ? 'not-possible' : compareNames(asked.name, account.holderName);
  // About another bank nothing can be guessed.
  if (result === 'match' || !isOurs) check.value.wasRight();
  return ok({ iban: iban.value, isOurs, account, result });
}

async function findPayableAccount(shards: Shards, iban: string): Promise<Account | undefined> {
  const account = await findAccountByIban(shards, iban);
  return account?.status === 'active' || account?.status === 'frozen' ? account : undefined;
}
