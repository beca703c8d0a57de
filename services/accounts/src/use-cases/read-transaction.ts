import { fail, ok, type Result } from '@florin/primitives';
import { type Actor, mayRead } from '../domain/actor.ts';
import type { MinimumVersions } from '../domain/balance.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import type { HistoryLine } from '../domain/history.ts';
import { isNamed, readLineName } from '../domain/line-name.ts';
import { findBalanceViews } from '../repositories/balances.ts';
import { findLine } from '../repositories/history.ts';
import { newerLines } from './newer-lines.ts';
import type { Deps } from './ports.ts';

const NO_SUCH_LINE: AccountFailure = { code: 'transaction-not-found', detail: 'The account has no such transaction.' };

/**
 * One line of the history of an account, by its name. Fails with `account-not-found`, also for somebody else's account,
 * or `transaction-not-found`.
 */
export async function readTransaction(
  deps: Pick<Deps, 'db' | 'ledger' | 'metrics'>,
  actor: Actor,
  wanted: { readonly accountId: string; readonly lineName: string; readonly minimum: MinimumVersions },
): Promise<Result<{ readonly line: HistoryLine; readonly currency: string }, AccountFailure>> {
  const [view] = await findBalanceViews(deps.db, [wanted.accountId]);
  if (view === undefined || !mayRead(view.owners, actor)) return fail(NOT_FOUND);
  const name = readLineName(wanted.lineName);
  if (name === undefined) return fail(NO_SUCH_LINE);
  const newest = await newerLines(deps, view, wanted.minimum);
  const line =
    newest.lines.find((candidate) => isNamed(candidate, name)) ?? (await findLine(deps.db, wanted.accountId, name));
  return line !== undefined && isNamed(line, name) ? ok({ line, currency: view.currency }) : fail(NO_SUCH_LINE);
}
