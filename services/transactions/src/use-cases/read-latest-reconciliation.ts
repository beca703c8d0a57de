import { fail, ok, type Result } from '@florin/primitives';
import type { LedgerFailure } from '../domain/failures.ts';
import { type ProofResult, readResults } from '../repositories/reconciliation-results.ts';
import type { Ledger } from './ledger.ts';

export interface LatestReconciliation {
  readonly latest: ProofResult;
  /** The last one that looked at everything, when the latest did not. */
  readonly lastFull: ProofResult | undefined;
}

/** How the last proof came out, in this process or another one. Fails with `reconciliation-not-found`. */
export async function readLatestReconciliation(
  ledger: Pick<Ledger, 'db'>,
): Promise<Result<LatestReconciliation, LedgerFailure>> {
  const [latest, ...older] = await readResults(ledger.db);
  if (latest === undefined) {
    return fail({ code: 'reconciliation-not-found', detail: 'The books were not proven yet.' });
  }
  return ok({ latest, lastFull: older.find(({ mode }) => mode === 'full') });
}
