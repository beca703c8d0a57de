import { fail, ok, type Result } from '@florin/primitives';
import { isOwner } from '../domain/account.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import { findJournal, type JournalRecord } from '../repositories/journals.ts';
import { findAccountsAnywhere, type Shards } from './shards.ts';

/** A transfer as somebody may see it. */
export interface TransferView {
  readonly journal: JournalRecord;
  /** What the payer was charged is nobody else's business. */
  readonly showsFee: boolean;
  /** Why staff took a transfer back may say something about the other side. */
  readonly showsReason: boolean;
}

/**
 * A transfer with what became of it, for an owner of one of its accounts; for anyone when `subject` is null (staff).
 * Fails with `transfer-not-found`, whether it does not exist or is somebody else's.
 */
export async function findTransfer(
  shards: Shards,
  id: string,
  subject: string | null,
): Promise<Result<TransferView, LedgerFailure>> {
  const journal = await findJournal(shards.ofId(id).db, id);
  if (journal === undefined) return NOT_FOUND;
  if (subject === null) return ok({ journal, showsFee: true, showsReason: true });
  const accounts = await findAccountsAnywhere(shards, [journal.debitAccountId, journal.creditAccountId]);
  const own = accounts.filter((account) => isOwner(account, subject));
  if (own.length === 0) return NOT_FOUND;
  return ok({ journal, showsFee: own.some(({ id: ownId }) => ownId === journal.debitAccountId), showsReason: false });
}

const NOT_FOUND = fail<LedgerFailure>({ code: 'transfer-not-found', detail: 'There is no such transfer.' });
