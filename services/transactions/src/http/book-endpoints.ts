import { getTrialBalance, runReconciliation } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import { readTrialBalance } from '../use-cases/read-trial-balance.ts';
import type { Reconciliation } from '../use-cases/reconcile.ts';
import type { Shards } from '../use-cases/shards.ts';
import { presentReconciliation, presentTrialBalance } from './book-presenters.ts';

/** What auditors and supervisors ask of the books. */
export function bookEndpoints(
  shards: Shards,
  prove: (mode: 'incremental' | 'full') => Promise<Reconciliation>,
): Endpoint[] {
  return [
    endpoint(getTrialBalance, async () => ({ status: 200, body: presentTrialBalance(await readTrialBalance(shards)) })),
    endpoint(runReconciliation, async ({ body }) => ({
      status: 200,
      body: presentReconciliation(await prove(body.mode)),
    })),
  ];
}
