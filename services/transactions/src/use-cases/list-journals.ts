import { normaliseIban } from '@florin/money';
import type { Executor } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import type { LedgerFailure } from '../domain/failures.ts';
import { isFiltering, type JournalFilter, type JournalSearch, journalFilter } from '../domain/journal-search.ts';
import { isClearingAccount, isSystemAccount } from '../domain/system-account.ts';
import { findAccountIdByIban, findAccounts } from '../repositories/accounts.ts';
import {
  accountWalk,
  type BookedJournal,
  ledgerWalk,
  type Stretch,
  type Walk,
} from '../repositories/journal-search.ts';
import { type DescribedJournal, describeJournals } from './describe-journals.ts';
import { type FoundStretch, mergeStretches } from './merge-stretches.ts';
import type { Shards, Stored } from './shards.ts';

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
  shards: Shards<Stored>,
  request: JournalListRequest,
): Promise<Result<JournalPage, LedgerFailure>> {
  const filter = journalFilter(request);
  if (!filter.ok) return filter;
  const ledgers = ledgersFor(shards, request);
  const cursors = readCursors(request.cursor, ledgers.length);
  if (cursors === null) return NOT_A_CURSOR;
  const isElsewhere = elsewhereBy(shards, ledgers, request);
  const read = await Promise.all(
    ledgers.map((ledger, index) => {
      const stretchRequest = { ...request, cursor: cursors[index] };
      return readStretch(ledger, filter.value, stretchRequest, (id) => isElsewhere(ledger, id));
    }),
  );
  const stretches: FoundStretch<BookedJournal>[] = [];
  for (const each of read) {
    if (!each.ok) return each;
    stretches.push(each.value);
  }
  const page = mergeStretches(stretches, request.limit);
  const isOver = page.cursors.every((cursor) => cursor === null);
  return ok({
    journals: await describeJournals(shards, page.journals),
    nextCursor: isOver ? null : page.cursors.map((cursor) => cursor ?? AT_END).join(BETWEEN_CURSORS),
  });
}

/** The shards that can have what is asked for: that of an account, or all of them. */
function ledgersFor(shards: Shards<Stored>, { iban, accountId }: JournalListRequest): readonly Stored[] {
  if (iban !== undefined) return [shards.ofIban(normaliseIban(iban))];
  if (accountId === undefined || isSystemAccount(accountId)) return shards.all;
  return [shards.ofId(accountId)];
}

/**
 * Which journals are read twice. A transfer between two shards has a half in the books of each, under one id, and a posting
 * on the clearing account in each; it is shown where it is at home, with its payer.
 */
function elsewhereBy(
  shards: Shards<Stored>,
  ledgers: readonly Stored[],
  { accountId }: JournalListRequest,
): (ledger: Stored, journalId: string) => boolean {
  const isTwice = ledgers.length > 1 && (accountId === undefined || isClearingAccount(accountId));
  return (ledger, journalId) => isTwice && shards.ofId(journalId) !== ledger;
}

// Where a page of several shards ended is where it ended in each of them.
const BETWEEN_CURSORS = '~';
const AT_END = 'end';

/** Where each shard goes on: undefined at its newest, null when it has no more. Null altogether for what is no cursor. */
function readCursors(cursor: string | undefined, count: number): readonly (string | null | undefined)[] | null {
  if (cursor === undefined) return Array.from({ length: count }, () => undefined);
  const places = cursor.split(BETWEEN_CURSORS).map((place) => (place === AT_END ? null : place));
  return places.length === count && places.some((place) => place !== null) ? places : null;
}

type StretchRequest = Omit<JournalListRequest, 'cursor'> & { readonly cursor: string | null | undefined };

async function readStretch(
  ledger: Stored,
  filter: JournalFilter,
  { cursor, ...request }: StretchRequest,
  isElsewhere: (journalId: string) => boolean,
): Promise<Result<FoundStretch<BookedJournal>, LedgerFailure>> {
  if (cursor === null) return ok({ found: [], lookedTo: null });
  // One snapshot: what is booked between two statements must not move the end of the stretch that was looked through.
  return ledger.db.transaction(
    async (tx) => {
      const walk = await walkOf(tx, request);
      if (walk === undefined) return fail({ code: 'account-not-found', detail: 'There is no such account.' });
      if (cursor !== undefined && !walk.isPlace(cursor)) return NOT_A_CURSOR;
      const { found, lookedTo } = await readPage(walk, filter, request.limit, cursor);
      const placed = found.map(({ place, journal }) => ({
        place,
        journal,
        above: walk.justAbove(place),
        isElsewhere: isElsewhere(journal.id),
      }));
      return ok({ found: placed, lookedTo });
    },
    { isolation: 'repeatable read' },
  );
}

const NOT_A_CURSOR = fail<LedgerFailure>({
  code: 'invalid-cursor',
  detail: 'The cursor is not one that this list gave.',
});

async function walkOf(
  tx: Executor,
  { iban, accountId }: Pick<JournalListRequest, 'iban' | 'accountId'>,
): Promise<Walk | undefined> {
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

async function readPage(walk: Walk, filter: JournalFilter, limit: number, cursor: string | undefined) {
  const wanted = limit + 1;
  const searched = isFiltering(filter) ? walk.searchedMax : wanted;
  const stretch = await stretchOf(walk, filter, cursor);
  const found = await walk.find(stretch, filter, { limit: wanted, searched });
  const last = found.at(limit);
  if (last !== undefined) return { found, lookedTo: { place: last.place, journalId: last.journal.id } };
  return { found, lookedTo: (searched > wanted ? await walk.placeOf(stretch, searched) : undefined) ?? null };
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
