import { normaliseIban } from '@florin/money';
import type { Executor } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import type { LedgerFailure } from '../domain/failures.ts';
import { isFiltering, type JournalFilter, type JournalSearch, journalFilter } from '../domain/journal-search.ts';
import { isSystemAccount } from '../domain/system-account.ts';
import { findAccountIdByIban, findAccounts } from '../repositories/accounts.ts';
import { accountWalk, ledgerWalk, type Stretch, type Walk } from '../repositories/journal-search.ts';
import { type DescribedJournal, describeJournals } from './describe-journals.ts';
import type { Ledger } from './ledger.ts';

/**
 * The longest that what was asked for waits for its batch, and more than clocks of instances differ: two journals whose
 * ids are further apart than this were booked in the order of their ids.
 */
const DISORDER_MS_MAX = 10_000;

export interface JournalListRequest extends JournalSearch {
  /** Either side, by its IBAN or its id; at most one of them. */
  readonly iban?: string;
  readonly accountId?: string;
  readonly limit: number;
  /** Where the page before ended. */
  readonly cursor?: string;
}

export interface JournalPage {
  readonly journals: readonly DescribedJournal[];
  readonly nextCursor: string | null;
}

/**
 * One page of the journals that a search finds, newest first. What was booked when the first page was read is on
 * exactly one page, whatever is booked meanwhile. Fails with `invalid-date`, `account-not-found` or `invalid-cursor`.
 */
export async function listJournals(
  ledger: Pick<Ledger, 'db'>,
  request: JournalListRequest,
): Promise<Result<JournalPage, LedgerFailure>> {
  const filter = journalFilter(request);
  if (!filter.ok) return filter;
  // One snapshot: what is booked between two statements must not move the end of the stretch that was looked through.
  return ledger.db.transaction((tx) => listFrom(tx, filter.value, request), { isolation: 'repeatable read' });
}

async function listFrom(
  tx: Executor,
  filter: JournalFilter,
  request: JournalListRequest,
): Promise<Result<JournalPage, LedgerFailure>> {
  const walk = await walkOf(tx, request);
  if (walk === undefined) return fail({ code: 'account-not-found', detail: 'There is no such account.' });
  if (request.cursor !== undefined && !walk.isPlace(request.cursor)) {
    return fail({ code: 'invalid-cursor', detail: 'The cursor is not one that this list gave.' });
  }
  const { journals, next } = await readPage(walk, filter, request);
  return ok({ journals: await describeJournals(tx, journals), nextCursor: next ?? null });
}

async function walkOf(tx: Executor, { iban, accountId }: JournalListRequest): Promise<Walk | undefined> {
  if (iban === undefined && accountId === undefined) return ledgerWalk(tx);
  const found =
    iban === undefined ? await knownId(tx, accountId ?? '') : await findAccountIdByIban(tx, normaliseIban(iban));
  return found === undefined ? undefined : accountWalk(tx, found);
}

async function knownId(tx: Executor, accountId: string): Promise<string | undefined> {
  if (isSystemAccount(accountId)) return accountId;
  const [account] = await findAccounts(tx, [accountId]);
  return account?.id;
}

async function readPage(walk: Walk, filter: JournalFilter, { limit, cursor }: JournalListRequest) {
  const wanted = limit + 1;
  const searched = isFiltering(filter) ? walk.searchedMax : wanted;
  const stretch = await stretchOf(walk, filter, cursor);
  const found = await walk.find(stretch, filter, { limit: wanted, searched });
  const shown = found.slice(0, limit);
  const journals = shown.map(({ journal }) => journal);
  if (found.length > limit) return { journals, next: shown.at(-1)?.place };
  return { journals, next: searched > wanted ? await walk.placeOf(stretch, searched) : undefined };
}

/** What is left of the books between the dates of the search. The filter itself is exact; this only spares reading. */
async function stretchOf(walk: Walk, filter: JournalFilter, cursor: string | undefined): Promise<Stretch> {
  const { bookedFromMs, bookedBeforeMs } = filter;
  const placeBefore = () =>
    bookedBeforeMs === undefined ? walk.whole.before : walk.placeAt(bookedBeforeMs + DISORDER_MS_MAX);
  return {
    from: bookedFromMs === undefined ? walk.whole.from : await walk.placeAt(bookedFromMs - DISORDER_MS_MAX),
    before: cursor ?? (await placeBefore()),
  };
}
