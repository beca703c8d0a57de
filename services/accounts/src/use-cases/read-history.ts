import { fail, ok, type Result } from '@florin/primitives';
import { mayRead, type Reader } from '../domain/actor.ts';
import type { BalanceView } from '../domain/balance.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import type { HistoryPage } from '../domain/history.ts';
import { NEWEST_LINES_MAX, NEWEST_PAGE_MAX, type NewestLines } from '../domain/newest-lines.ts';
import { findHistory } from '../repositories/history.ts';
import type { BalanceCache } from './balance-cache.ts';
import { type HistoryRequest, listHistory, placeOf } from './list-history.ts';
import type { Deps } from './ports.ts';
import type { WarmLines } from './warm-lines.ts';

export interface ReadHistoryDeps extends Pick<Deps, 'db' | 'ledger' | 'metrics'> {
  /** Reads who owns an account, and its version, from the database at each call. */
  readonly balances: Pick<BalanceCache, 'load'>;
  readonly warmLines: WarmLines;
}

type Answer = Result<HistoryPage & { readonly currency: string }, AccountFailure>;

/**
 * One page of a history, as `listHistory` answers it. What people look at most, the first page without a search, comes from
 * the cache when the database says that nothing has happened since.
 */
export async function readHistory(deps: ReadHistoryDeps, actor: Reader, request: HistoryRequest): Promise<Answer> {
  const warm = isFirstPage(request) ? await warmPage(deps, actor, request) : undefined;
  return warm ?? listHistory(deps, actor, request);
}

function isFirstPage({ before, limit, search }: HistoryRequest): boolean {
  return (
    before === undefined && limit <= NEWEST_PAGE_MAX && Object.values(search).every((value) => value === undefined)
  );
}

/** Undefined when the read model is behind this reader, or there is no cache to be filled. */
async function warmPage(deps: ReadHistoryDeps, actor: Reader, request: HistoryRequest): Promise<Answer | undefined> {
  const { accountId, limit, minimum } = request;
  const asking = deps.warmLines.ask(accountId);
  const view = await deps.balances.load(accountId);
  if (view === undefined || !mayRead(view.owners, actor)) return fail(NOT_FOUND);
  if (view.version < (minimum.get(accountId) ?? 0)) return undefined;
  const answer = await asking;
  const newest = deps.warmLines.asOf(view, answer);
  if (newest === undefined && answer === 'away') return undefined;
  return ok({ ...pageOf(newest ?? (await readNewest(deps, view)), limit), currency: view.currency });
}

/** Exactly as of the view: a line that is committed meanwhile belongs to a later version. */
async function readNewest(
  deps: ReadHistoryDeps,
  { accountId, version, postedMinor }: BalanceView,
): Promise<Pick<NewestLines, 'lines'>> {
  const stretch = { before: { version: version + 1, line: 0 }, afterVersion: 0, limit: NEWEST_LINES_MAX };
  const newest = { version, postedMinor, lines: await findHistory(deps.db, accountId, stretch, {}) };
  deps.warmLines.keep(accountId, newest);
  return newest;
}

function pageOf({ lines }: Pick<NewestLines, 'lines'>, limit: number): HistoryPage {
  const shown = lines.slice(0, limit);
  const last = shown.at(-1);
  return { lines: shown, next: lines.length > limit && last !== undefined ? placeOf(last) : null };
}
