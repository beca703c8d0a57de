import { getTrialBalance, runReconciliation } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import { formatMoney } from '@florin/money';
import type { Ledger } from '../use-cases/ledger.ts';
import { readTrialBalance } from '../use-cases/read-trial-balance.ts';
import type { Reconciliation } from '../use-cases/reconcile.ts';

/** What auditors and supervisors ask of the books. */
export function bookEndpoints(
  ledger: Ledger,
  prove: (mode: 'incremental' | 'full') => Promise<Reconciliation>,
): Endpoint[] {
  return [
    endpoint(getTrialBalance, async () => {
      const lines = await readTrialBalance(ledger);
      return {
        status: 200,
        body: {
          lines: lines.map(({ account, currency, posted }) => ({
            account,
            currency,
            posted: formatMoney(posted, currency),
          })),
        },
      };
    }),
    endpoint(runReconciliation, async ({ body }) => {
      const { startedAtMs, ...result } = await prove(body.mode);
      return { status: 200, body: { ...result, startedAt: new Date(startedAtMs).toISOString() } };
    }),
  ];
}
