import type { Metrics } from '@florin/observability';
import type { Tx } from '@florin/postgres';
import { type AccountChange, newLinesOf, runsOf } from '../domain/account-change.ts';
import { raiseBalances } from '../repositories/balances.ts';
import { insertHistory } from '../repositories/history.ts';

/**
 * Brings what the ledger did into the read model, in two statements whatever the number of changes, sent together.
 * Changes may come twice. A version that was skipped is counted: reads stay right for everything that did come.
 */
export async function applyAccountChanges(metrics: Metrics, tx: Tx, changes: readonly AccountChange[]): Promise<void> {
  const [gaps] = await Promise.all([raiseBalances(tx, runsOf(changes)), insertHistory(tx, newLinesOf(changes))]);
  metrics.counter('florin_account_version_gaps_total', 'Times a version of an account was skipped').inc(gaps);
}
