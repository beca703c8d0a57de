import { fail, ok, type Result } from '@florin/primitives';
import type { Saga } from '@florin/saga';
import { isOwner } from '../domain/account.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import { findJournal, type JournalRecord } from '../repositories/journals.ts';
import { CROSSING_REVERSAL, reversalFromInput } from '../sagas/crossing-reversal.ts';
import { fromInput } from '../sagas/crossing-transfer.ts';
import { findAccountsAnywhere, type Shards, type Stored } from './shards.ts';

/** A transfer as somebody may see it. */
export interface TransferView {
  readonly journal: JournalRecord;
  readonly progress: 'completed' | 'pending' | 'failed';
  readonly coordination: 'local' | 'saga' | 'two-phase';
  /** What the payer was charged is nobody else's business. */
  readonly showsFee: boolean;
  /** Why staff took a transfer back may say something about the other side. */
  readonly showsReason: boolean;
}

type Found = Pick<TransferView, 'journal' | 'progress' | 'coordination'>;

/** Where transfers are looked for. */
export interface TransferSources {
  readonly shards: Shards<Stored & { readonly index: number }>;
  /** The saga that carries a transfer between shards, by the transfer's id. */
  readonly findSaga: (shard: number, id: string) => Promise<Saga | undefined>;
}

/**
 * A transfer with what became of it, for an owner of one of its accounts; for anyone when `subject` is null (staff). A payee
 * sees what has arrived, and nothing that is on its way or came to nothing; of a reversal that is true of both. Fails with `transfer-not-found`, whether it
 * does not exist or is somebody else's.
 */
export async function findTransfer(
  sources: TransferSources,
  id: string,
  subject: string | null,
): Promise<Result<TransferView, LedgerFailure>> {
  const found = await findWithSaga(sources, id);
  if (found === undefined) return NOT_FOUND;
  if (subject === null) return ok({ ...found, showsFee: true, showsReason: true });
  const { debitAccountId, creditAccountId } = found.journal;
  const accounts = await findAccountsAnywhere(sources.shards, [debitAccountId, creditAccountId]);
  const own = accounts.filter((account) => isOwner(account, subject)).map((account) => account.id);
  const isPayer = own.includes(debitAccountId) && found.journal.reversalOf === null;
  if (own.length === 0 || (!isPayer && found.progress !== 'completed')) return NOT_FOUND;
  return ok({ ...found, showsFee: isPayer, showsReason: false });
}

async function findWithSaga({ shards, findSaga }: TransferSources, id: string): Promise<Found | undefined> {
  const home = shards.ofId(id);
  const journal = await findJournal(home.db, id);
  if (journal !== undefined && !journal.isHalf) return { journal, progress: 'completed', coordination: 'local' };
  const saga = await findSaga(home.index, id);
  // Half of a transfer that no saga carries is there because both halves were committed.
  if (saga === undefined) return journal && { journal, progress: 'completed', coordination: 'two-phase' };
  const journalOrPlan = journal ?? plannedJournal(saga);
  return { journal: journalOrPlan, progress: progressOf(saga), coordination: 'saga' };
}

function progressOf({ status }: Saga): TransferView['progress'] {
  if (status === 'completed') return 'completed';
  return status === 'compensated' ? 'failed' : 'pending';
}

/** What will be booked, or would have been: the side that the saga is at home at is not posted. */
function plannedJournal(saga: Saga): JournalRecord {
  const acceptedAt = new Date(saga.startedAtMs);
  return {
    ...(saga.type === CROSSING_REVERSAL ? plannedReversal(saga) : plannedTransfer(saga)),
    bookedAt: acceptedAt,
    valueDate: acceptedAt.toISOString().slice(0, 10),
    feeMinor: null,
    isReversed: false,
    isHalf: true,
  };
}

type Planned = Omit<JournalRecord, 'bookedAt' | 'valueDate' | 'feeMinor' | 'isReversed' | 'isHalf'>;

function plannedTransfer({ input }: Saga): Planned {
  const { transferId, payer, payee, amountMinor, currency, reference } = fromInput(input);
  return {
    id: transferId,
    kind: 'transfer',
    debitAccountId: payer.accountId,
    creditAccountId: payee.accountId,
    ...{ amountMinor, currency, reference },
    reversalOf: null,
    reason: null,
  };
}

function plannedReversal({ input }: Saga): Planned {
  const { reversalId, transferId, payer, payee, reason, ...facts } = reversalFromInput(input);
  const { amountMinor, currency, reference } = facts;
  return {
    id: reversalId,
    kind: 'reversal',
    debitAccountId: payee.accountId,
    creditAccountId: payer.accountId,
    ...{ amountMinor, currency, reference },
    reversalOf: transferId,
    reason,
  };
}

const NOT_FOUND = fail<LedgerFailure>({ code: 'transfer-not-found', detail: 'There is no such transfer.' });
