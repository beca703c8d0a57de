import { fail, ok, type Result } from '@florin/primitives';
import type { LedgerFailure } from '../domain/failures.ts';
import {
  type BookedJournal,
  findBookedJournal,
  findChildren,
  findPostingsOf,
  type JournalPosting,
} from '../repositories/journal-search.ts';
import { type AccountLabel, type DescribedJournal, describeJournal, labelsOf, sidesOf } from './describe-journals.ts';
import type { Ledger } from './ledger.ts';

/** A journal with everything the books hold about it. */
export interface JournalDetail {
  readonly journal: DescribedJournal;
  readonly postings: readonly (JournalPosting & { readonly account: AccountLabel })[];
  /** What was booked for it, such as the fee of a transfer. */
  readonly children: readonly BookedJournal[];
}

/** One journal with its postings and what it is linked to. Fails with `journal-not-found`. */
export async function findJournalDetail(
  ledger: Pick<Ledger, 'db'>,
  id: string,
): Promise<Result<JournalDetail, LedgerFailure>> {
  const booked = await findBookedJournal(ledger.db, id);
  if (booked === undefined) return fail({ code: 'journal-not-found', detail: 'There is no such journal.' });
  const [postings, children] = await Promise.all([findPostingsOf(ledger.db, id), findChildren(ledger.db, id)]);
  const label = await labelsOf(ledger.db, [...sidesOf(booked), ...postings.map(({ accountId }) => accountId)]);
  return ok({
    journal: describeJournal(booked, label),
    postings: postings.map((posting) => ({ ...posting, account: label(posting.accountId) })),
    children,
  });
}
