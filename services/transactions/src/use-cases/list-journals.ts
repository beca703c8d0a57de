import { normaliseIban } from '@florin/money';
import type { Executor } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import type { LedgerFailure } from '../domain/failures.ts';
import { isFiltering, type JournalFilter, type JournalSearch, journalFilter } from '../domain/journal-search.ts';
import { isSystemAccount } from '../domain/system-account.ts';
import { findAccountIdByIban, findAccounts } from '../repositories/accounts.ts';
import {
  accountWalk,
  type BookedJournal,
  ledgerWalk,
  type Stretch,
  type Walk,
} from '../repositories/journal-search.ts';
import { type DescribedJournal, describeJournals } from './describe-journals.ts';
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
  if (request.cursor === FROM_NEWEST) return NOT_A_CURSOR;
  const ledgers = ledgersFor(shards, request);
  const cursors = request.cursor?.split(BETWEEN_CURSORS) ?? ledgers.map(() => FROM_NEWEST);
  if (cursors.length !== ledgers.length) return NOT_A_CURSOR;
  const stretches: FoundStretch[] = [];
  for (const [index, ledger] of ledgers.entries()) {
    const found = await readStretch(ledger, filter.value, { ...request, cursor: cursors[index] ?? AT_END });
    if (!found.ok) return found;
    stretches.push(found.value);
  }
  const { shown, nextCursor } = mergeStretches(stretches, request.limit);
  // Of a transfer between two shards the half with its payer stands for the whole.
  const whole = ledgers.length === 1 ? shown : shown.filter((placed) => isAtHome(shards, placed, ledgers, stretches));
  const journals = await describeJournals(
    shards,
    whole.map(({ journal }) => journal),
  );
  return ok({ journals, nextCursor });
}

/** The shards that can have what is asked for: that of an account, or all of them. */
function ledgersFor(shards: Shards<Stored>, { iban, accountId }: JournalListRequest): readonly Stored[] {
  if (iban !== undefined) return [shards.ofIban(normaliseIban(iban))];
  if (accountId === undefined || isSystemAccount(accountId)) return shards.all;
  return [shards.ofId(accountId)];
}

// Where a page of several shards ended is where it ended in each of them.
const BETWEEN_CURSORS = '~';
const FROM_NEWEST = '';
const AT_END = 'end';

interface Placed {
  readonly place: string;
  readonly journal: BookedJournal;
}

/** What one shard has for the page. */
interface FoundStretch {
  /** Where it began. */
  readonly cursor: string;
  /** At most one more than the page takes. */
  readonly found: readonly Placed[];
  /** Where looking goes on after what was found; the end, when there is no more. */
  readonly next: string;
}

function isAtHome(
  shards: Shards<Stored>,
  placed: Placed,
  ledgers: readonly Stored[],
  stretches: readonly FoundStretch[],
): boolean {
  return ledgers[stretches.findIndex(({ found }) => found.includes(placed))] === shards.ofId(placed.journal.id);
}

/** The newest of what the shards have, and where each goes on. */
function mergeStretches(stretches: readonly FoundStretch[], limit: number) {
  const all = stretches.flatMap(({ found }) => found);
  const newest = [...all].sort((a, b) => (a.journal.id < b.journal.id ? 1 : -1));
  // In one shard the order is its own: that of booking, which ids only nearly follow.
  const shown = (stretches.length === 1 ? all : newest).slice(0, limit);
  const taken = new Set(shown);
  const cursors = stretches.map(({ cursor, found, next }) => {
    const ours = found.filter((placed) => taken.has(placed));
    return ours.length === found.length ? next : (ours.at(-1)?.place ?? cursor);
  });
  const isOver = cursors.every((cursor) => cursor === AT_END);
  return { shown, nextCursor: isOver ? null : cursors.join(BETWEEN_CURSORS) };
}

async function readStretch(
  ledger: Stored,
  filter: JournalFilter,
  request: JournalListRequest & { readonly cursor: string },
): Promise<Result<FoundStretch, LedgerFailure>> {
  if (request.cursor === AT_END) return ok({ cursor: AT_END, found: [], next: AT_END });
  // One snapshot: what is booked between two statements must not move the end of the stretch that was looked through.
  return ledger.db.transaction((tx) => listFrom(tx, filter, request), { isolation: 'repeatable read' });
}

const NOT_A_CURSOR = fail<LedgerFailure>({
  code: 'invalid-cursor',
  detail: 'The cursor is not one that this list gave.',
});

async function listFrom(
  tx: Executor,
  filter: JournalFilter,
  request: JournalListRequest & { readonly cursor: string },
): Promise<Result<FoundStretch, LedgerFailure>> {
  const walk = await walkOf(tx, request);
  if (walk === undefined) return fail({ code: 'account-not-found', detail: 'There is no such account.' });
  const cursor = request.cursor === FROM_NEWEST ? undefined : request.cursor;
  if (cursor !== undefined && !walk.isPlace(cursor)) return NOT_A_CURSOR;
  return ok({ cursor: request.cursor, ...(await readPage(walk, filter, request.limit, cursor)) });
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

async function readPage(walk: Walk, filter: JournalFilter, limit: number, cursor: string | undefined) {
  const wanted = limit + 1;
  const searched = isFiltering(filter) ? walk.searchedMax : wanted;
  const stretch = await stretchOf(walk, filter, cursor);
  const found = await walk.find(stretch, filter, { limit: wanted, searched });
  if (found.length > limit) return { found, next: found.at(-1)?.place ?? AT_END };
  return { found, next: (searched > wanted ? await walk.placeOf(stretch, searched) : undefined) ?? AT_END };
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
