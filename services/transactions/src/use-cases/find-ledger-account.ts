import type { Account } from '../domain/account.ts';
import { findAccounts } from '../repositories/accounts.ts';
import type { Ledger } from './ledger.ts';

/** An account as the ledger has it now. */
export async function findLedgerAccount(ledger: Ledger, id: string): Promise<Account | undefined> {
  const [account] = await findAccounts(ledger.db, [id]);
  return account;
}
