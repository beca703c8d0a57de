import { invariant, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import type { Actor } from '../domain/actor.ts';
import { NO_MINIMUM } from '../domain/balance.ts';
import type { AccountFailure } from '../domain/failures.ts';
import type { HistoryLine, Place } from '../domain/history.ts';
import type { HistorySearch } from '../domain/history-filter.ts';
import { findAccount } from '../repositories/accounts.ts';
import { listHistory } from './list-history.ts';
import type { Deps } from './ports.ts';

/** As many lines as spreadsheets open with ease. */
const LINES_MAX = 100_000;
const LINES_PER_PAGE = 500;
/** A search that finds little still ends: each page looks through a bounded stretch of history. */
const PAGES_MAX = 10_000;

export interface HistoryExport {
  readonly account: Account;
  /** Newest first, a page at a time, read when it is asked for. */
  readonly pages: AsyncGenerator<readonly HistoryLine[]>;
}

/**
 * What a search finds in the history of an account, or all of it, page after page as `listHistory` answers it, up to
 * 100,000 lines. Fails with `account-not-found`, `invalid-date` or `invalid-amount`.
 */
export async function exportHistory(
  deps: Pick<Deps, 'db' | 'ledger' | 'metrics'>,
  actor: Actor,
  accountId: string,
  search: HistorySearch,
): Promise<Result<HistoryExport, AccountFailure>> {
  const pageBefore = (before: Place | undefined, limit: number) => {
    const request = { accountId, limit, search, minimum: NO_MINIMUM };
    return listHistory(deps, actor, before === undefined ? request : { ...request, before });
  };
  const first = await pageBefore(undefined, LINES_PER_PAGE);
  if (!first.ok) return first;
  const account = await findAccount(deps.db, accountId);
  invariant(account, 'an account with a history is there');

  async function* pages(): AsyncGenerator<readonly HistoryLine[]> {
    let page = first;
    let left = LINES_MAX;
    for (let count = 1; ; count += 1) {
      // Somebody who is no longer an owner gets no further.
      if (!page.ok) return;
      if (page.value.lines.length > 0) yield page.value.lines;
      left -= page.value.lines.length;
      const { next } = page.value;
      if (next === null || left === 0 || count === PAGES_MAX) return;
      page = await pageBefore(next, Math.min(LINES_PER_PAGE, left));
    }
  }
  return ok({ account, pages: pages() });
}
