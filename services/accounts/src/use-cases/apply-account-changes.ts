import type { Metrics } from '@florin/observability';
import type { Tx } from '@florin/postgres';
import { type AccountChange, lastChanges, missingVersions } from '../domain/account-change.ts';
import { raiseBalances } from '../repositories/balances.ts';
import { insertHistory } from '../repositories/history.ts';

/**
 * Brings what the ledger did into the read model, in two statements whatever the number of changes, sent together.
 * Changes may come twice. A version that never came is counted: reads stay right for everything that did.
 */
export async function applyAccountChanges(metrics: Metrics, tx: Tx, changes: readonly AccountChange[]): Promise<void> {
  const [known] = await Promise.all([raiseBalances(tx, lastChanges(changes)), insertHistory(tx, changes)]);
  const missing = missingVersions(changes, known);
  const gaps = metrics.counter('florin_account_version_gaps_total', 'Versions of accounts whose event never came');
  if (missing > 0) gaps.inc(missing);
}
