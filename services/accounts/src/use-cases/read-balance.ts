import { fail, ok, type Result } from '@florin/primitives';
import { mayRead, type Reader } from '../domain/actor.ts';
import type { BalanceView, MinimumVersions } from '../domain/balance.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import type { BalanceCache } from './balance-cache.ts';
import { freshBalances } from './fresh-balances.ts';
import type { Deps } from './ports.ts';

export interface ReadBalanceDeps extends Pick<Deps, 'db' | 'ledger' | 'metrics'> {
  readonly balances: BalanceCache;
}

type Answer = Result<BalanceView, AccountFailure>;

/**
 * A balance at least as new as the reader's own last write. Answers at once, without a promise, when memory holds it:
 * this is the most frequent request of the bank. Fails with `account-not-found`, also for somebody else's account.
 */
export function readBalance(
  deps: ReadBalanceDeps,
  actor: Reader,
  accountId: string,
  minimum: MinimumVersions,
): Answer | Promise<Answer> {
  const known = deps.balances.get(accountId);
  if (known === undefined || isBehind(known, minimum)) return loadBalance(deps, actor, accountId, minimum);
  return mayRead(known.owners, actor) ? ok(known) : fail(NOT_FOUND);
}

async function loadBalance(
  deps: ReadBalanceDeps,
  actor: Reader,
  accountId: string,
  minimum: MinimumVersions,
): Promise<Answer> {
  const view = await deps.balances.load(accountId);
  if (view === undefined || !mayRead(view.owners, actor)) return fail(NOT_FOUND);
  if (!isBehind(view, minimum)) return ok(view);
  const fresh = await freshBalances(deps, [accountId], minimum);
  return ok({ ...view, ...fresh.get(accountId) });
}

function isBehind(view: BalanceView, minimum: MinimumVersions): boolean {
  return view.version < (minimum.get(view.accountId) ?? 0);
}
