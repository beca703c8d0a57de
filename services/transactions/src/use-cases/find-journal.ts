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
import type { Shards, Stored } from './shards.ts';

/** A journal with everything the books hold about it. */
export interface JournalDetail {
  readonly journal: DescribedJournal;
  readonly postings: readonly (JournalPosting & { readonly account: AccountLabel })[];
  /** What was booked for it, such as the fee of a transfer. */
  readonly children: readonly BookedJournal[];
}

/** One journal with its postings and what it is linked to. Fails with `journal-not-found`. */
export async function findJournalDetail(
  shards: Shards<Stored>,
  id: string,
): Promise<Result<JournalDetail, LedgerFailure>> {
  const home = shards.ofId(id);
  const booked = await findBookedJournal(home.db, id);
  if (booked === undefined) return fail({ code: 'journal-not-found', detail: 'There is no such journal.' });
  // A transfer between two shards has the rest of its postings in the books of the other one.
  const inOrder = [home, ...shards.all.filter((shard) => shard !== home)];
  const [children, ...postingsByShard] = await Promise.all([
    findChildren(home.db, id),
    ...inOrder.map(({ db }) => findPostingsOf(db, id)),
  ]);
  const postings = postingsByShard.flat();
  const label = await labelsOf(shards, [...sidesOf(booked), ...postings.map(({ accountId }) => accountId)]);
  return ok({
    journal: describeJournal(booked, label),
    postings: postings.map((posting) => ({ ...posting, account: label(posting.accountId) })),
    children,
  });
}
