import { fail, ok, type Result } from '@florin/primitives';
import { mayRead, type Reader } from '../domain/actor.ts';
import type { MinimumVersions } from '../domain/balance.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import {
  type HistoryFilter,
  type HistoryLine,
  type HistoryPage,
  isBefore,
  isSearching,
  matches,
  type Place,
} from '../domain/history.ts';
import { type HistorySearch, historyFilter } from '../domain/history-filter.ts';
import { findBalanceViews } from '../repositories/balances.ts';
import { findBookedSpan, findHistory } from '../repositories/history.ts';
import { type NewerLines, newerLines } from './newer-lines.ts';
import type { Deps } from './ports.ts';

/** How much history one page of a search looks through, so that a rare word can not make it read everything. */
const SEARCHED_VERSIONS_MAX = 10_000;

const NEWEST: Place = { version: Number.MAX_SAFE_INTEGER, line: 0 };

export interface HistoryRequest {
  readonly accountId: string;
  readonly limit: number;
  /** Where the page before ended; the newest line when absent. */
  readonly before?: Place;
  readonly search: HistorySearch;
  readonly minimum: MinimumVersions;
}

/**
 * One page of the history of an account, newest first, at least as new as the reader's own last write. Fails with
 * `account-not-found`, `invalid-date` or `invalid-amount`.
 */
export async function listHistory(
  deps: Pick<Deps, 'db' | 'ledger' | 'metrics'>,
  actor: Reader,
  request: HistoryRequest,
): Promise<Result<HistoryPage & { readonly currency: string }, AccountFailure>> {
  const [view] = await findBalanceViews(deps.db, [request.accountId]);
  if (view === undefined || !mayRead(view.owners, actor)) return fail(NOT_FOUND);
  const filter = historyFilter(request.search, view.currency);
  if (!filter.ok) return filter;
  const newest = await newerLines(deps, view, request.minimum);
  const page = await readPage(deps, request, filter.value, newest);
  return ok({ ...page, currency: view.currency });
}

async function readPage(
  deps: Pick<Deps, 'db'>,
  request: HistoryRequest,
  filter: HistoryFilter,
  newest: NewerLines,
): Promise<HistoryPage> {
  const before = request.before ?? NEWEST;
  const span = await findBookedSpan(deps.db, request.accountId, filter);
  const topVersion = Math.min(before.version, span.last, newest.lines[0]?.version ?? newest.knownVersion);
  // Exclusive. A page of a search looks only so far; dates alone need no looking, every line between them is meant.
  const bottomVersion = span.first - 1;
  const floorVersion = isSearching(filter)
    ? Math.max(bottomVersion, topVersion - SEARCHED_VERSIONS_MAX)
    : bottomVersion;
  const wanted = request.limit + 1;
  const lines = newest.lines
    .filter((line) => isBefore(line, before) && line.version > floorVersion && matches(line, filter))
    .slice(0, wanted);
  if (lines.length < wanted) {
    // Above what the ledger was asked for there is nothing in the read model that is not in its answer.
    const seamVersion = newest.lines.length > 0 ? newest.knownVersion : span.last;
    const stretch = {
      before: earlier(before, { version: Math.min(seamVersion, span.last) + 1, line: 0 }),
      afterVersion: floorVersion,
      limit: wanted - lines.length,
    };
    lines.push(...(await findHistory(deps.db, request.accountId, stretch, filter)));
  }
  const shown = lines.slice(0, request.limit);
  const last = shown.at(-1);
  if (lines.length > request.limit && last !== undefined) return { lines: shown, next: placeOf(last) };
  return { lines: shown, next: floorVersion > bottomVersion ? { version: floorVersion + 1, line: 0 } : null };
}

function earlier(one: Place, other: Place): Place {
  return isBefore(one, other) ? one : other;
}

export function placeOf(line: HistoryLine): Place {
  return { version: line.version, line: line.line };
}
