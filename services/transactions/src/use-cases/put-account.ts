import { isUniqueViolation } from '@florin/postgres';
import type { ControlCommand } from '../domain/command.ts';
import { findAccountIdByIban } from '../repositories/accounts.ts';
import type { Ledger } from './ledger.ts';
import type { Outcome } from './submission.ts';
import { type KeyedCommand, submitCommand } from './submit-command.ts';

/**
 * Puts an instruction of the accounts service in force; see `submitCommand` for how it may end. `iban-taken` when the IBAN is
 * another account's: the database refuses that, and only then is it asked whose it is.
 */
export async function putAccount(
  { groupCommit, db }: Ledger,
  keyed: KeyedCommand & { readonly command: ControlCommand },
): Promise<Outcome | { readonly kind: 'iban-taken' }> {
  try {
    return await submitCommand(groupCommit, keyed);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const holder = await findAccountIdByIban(db, keyed.command.iban);
    if (holder === undefined || holder === keyed.command.accountId) throw error;
    return { kind: 'iban-taken' };
  }
}
