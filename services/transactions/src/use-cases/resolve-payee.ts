import { isValidIban, normaliseIban } from '@florin/money';
import { fail, ok, type Result } from '@florin/primitives';
import { findAccountIdByIban } from '../repositories/accounts.ts';
import type { Shards } from './shards.ts';

export interface PayeeFailure {
  readonly code: 'invalid-payee' | 'account-not-found';
  readonly detail: string;
}

/**
 * The account to pay, named by exactly one of id and IBAN. Fails with `invalid-payee` when it is named by none, both
 * or an IBAN whose check digits are wrong, with `account-not-found` when this bank has no such account.
 */
export async function resolvePayee(
  shards: Shards,
  payee: { readonly toAccountId?: string; readonly toIban?: string },
): Promise<Result<string, PayeeFailure>> {
  if ((payee.toAccountId === undefined) === (payee.toIban === undefined)) {
    return fail({ code: 'invalid-payee', detail: 'Name the payee by one of toAccountId and toIban.' });
  }
  if (payee.toAccountId !== undefined) return ok(payee.toAccountId);
  const iban = normaliseIban(payee.toIban ?? '');
  if (!isValidIban(iban)) return fail({ code: 'invalid-payee', detail: 'The IBAN is not valid: please check it.' });
  const ledger = shards.ofIban(iban);
  const known = ledger.accountIdsByIban.get(iban);
  if (known !== undefined) return ok(known);
  const found = await findAccountIdByIban(ledger.db, iban);
  if (found === undefined) return fail({ code: 'account-not-found', detail: 'There is no such account.' });
  ledger.accountIdsByIban.set(iban, found);
  return ok(found);
}
