import { getTrialBalance, runReconciliation } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import type { Ledger } from '../use-cases/ledger.ts';
import { readTrialBalance } from '../use-cases/read-trial-balance.ts';
import type { Reconciliation } from '../use-cases/reconcile.ts';
import { presentReconciliation, presentTrialBalance } from './book-presenters.ts';

/** What auditors and supervisors ask of the books. */
export function bookEndpoints(
  ledger: Ledger,
  prove: (mode: 'incremental' | 'full') => Promise<Reconciliation>,
): Endpoint[] {
  return [
    endpoint(getTrialBalance, async () => ({ status: 200, body: presentTrialBalance(await readTrialBalance(ledger)) })),
    endpoint(runReconciliation, async ({ body }) => ({
      status: 200,
      body: presentReconciliation(await prove(body.mode)),
    })),
  ];
}
