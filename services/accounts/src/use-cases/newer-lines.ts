import type { BalanceView, MinimumVersions } from '../domain/balance.ts';
import type { HistoryLine } from '../domain/history.ts';
import { findBalanceViews } from '../repositories/balances.ts';
import { freshBalances, ledgerReads } from './fresh-balances.ts';
import type { Deps } from './ports.ts';

/** What the ledger booked after `knownVersion`, where the read model ends for this reader. */
export interface NewerLines {
  readonly knownVersion: number;
  readonly lines: readonly HistoryLine[];
}

/**
 * The lines a reader must see that the read model does not have yet: none, nearly always, for the read model is given
 * 200 ms to get there first.
 */
export async function newerLines(
  deps: Pick<Deps, 'db' | 'ledger' | 'metrics'>,
  view: BalanceView,
  minimum: MinimumVersions,
): Promise<NewerLines> {
  const least = minimum.get(view.accountId) ?? 0;
  if (view.version >= least) return { knownVersion: view.version, lines: [] };
  const fresh = await freshBalances(deps, [view.accountId], minimum);
  // The balance may have come from the ledger; only the read model's own version says where its history ends.
  const [known] = await findBalanceViews(deps.db, [view.accountId]);
  const knownVersion = known?.version ?? 0;
  if (knownVersion >= least || fresh.get(view.accountId) === undefined) return { knownVersion, lines: [] };
  ledgerReads(deps).inc();
  return { knownVersion, lines: await deps.ledger.linesAfter(view.accountId, knownVersion) };
}
