import { fail, ok, type Result } from '@florin/primitives';
import { isOwner } from '../domain/account.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import { findAccounts } from '../repositories/accounts.ts';
import { findJournal, type JournalRecord } from '../repositories/journals.ts';
import type { Ledger } from './ledger.ts';

export type { JournalRecord };

/**
 * A transfer with what became of it, for an owner of one of its accounts; for anyone when `subject` is null (staff).
 * Fails with `transfer-not-found`, whether it does not exist or is somebody else's.
 */
export async function findTransfer(
  ledger: Ledger,
  id: string,
  subject: string | null,
): Promise<Result<JournalRecord, LedgerFailure>> {
  const journal = await findJournal(ledger.db, id);
  if (journal === undefined) return NOT_FOUND;
  if (subject === null) return ok(journal);
  const accounts = await findAccounts(ledger.db, [journal.debitAccountId, journal.creditAccountId]);
  return accounts.some((account) => isOwner(account, subject)) ? ok(journal) : NOT_FOUND;
}

const NOT_FOUND = fail<LedgerFailure>({ code: 'transfer-not-found', detail: 'There is no such transfer.' });
