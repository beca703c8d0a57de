import { fail, ok, type Result } from '@florin/primitives';
import type { LedgerFailure } from '../domain/failures.ts';
import { type ProofResult, readResults } from '../repositories/reconciliation-results.ts';
import { mergeProofs } from './prove-shards.ts';
import type { Shards, Stored } from './shards.ts';

export interface LatestReconciliation {
  readonly latest: ProofResult;
  /** The last one that looked at everything, when the latest did not. */
  readonly lastFull: ProofResult | undefined;
}

/** How the last proof came out, in this process or another one. Fails with `reconciliation-not-found`. */
export async function readLatestReconciliation(
  shards: Pick<Shards<Stored>, 'all'>,
): Promise<Result<LatestReconciliation, LedgerFailure>> {
  const results = await Promise.all(shards.all.map(({ db }) => readResults(db)));
  const latest = mergeProofs(results.map(([first]) => first));
  if (latest === undefined) {
    return fail({ code: 'reconciliation-not-found', detail: 'The books were not proven yet.' });
  }
  return ok({
    latest,
    lastFull:
      latest.mode === 'full' ? undefined : mergeProofs(results.map((each) => each.find(({ mode }) => mode === 'full'))),
  });
}
