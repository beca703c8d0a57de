import type { Database } from '@florin/postgres';
import type { Clock } from '@florin/primitives';
import {
  advanceCheckpoint,
  countChecked,
  findFindings,
  freezePostingId,
  readCheckpoint,
} from '../repositories/reconciliation.ts';
import { keepResult, type ProofResult } from '../repositories/reconciliation-results.ts';

export type Reconciliation = ProofResult;

/**
 * Proves the books: every journal sums to zero, every balance equals its postings, held equals the open holds, and
 * all balances together are zero per currency. `incremental` looks at what was posted since the last proof, `full`
 * at everything. A proof without findings moves the checkpoint forward. How it came out is kept for who asks later.
 */
export async function reconcile(
  deps: { readonly db: Database; readonly clock: Clock },
  mode: 'incremental' | 'full',
): Promise<Reconciliation> {
  const startedAtMs = deps.clock();
  const upTo = await freezePostingId(deps.db);
  const result = await deps.db.transaction(
    async (tx) => {
      const after = mode === 'full' ? 0n : await readCheckpoint(tx);
      const counted = await countChecked(tx, after, upTo);
      return { ...counted, findings: await findFindings(tx, after, mode) };
    },
    { isolation: 'repeatable read' },
  );
  const balanced = result.findings.length === 0;
  const proof = { mode, balanced, ...result, startedAtMs, durationMs: deps.clock() - startedAtMs };
  await deps.db.transaction(async (tx) => {
    if (balanced) await advanceCheckpoint(tx, upTo);
    await keepResult(tx, proof);
  });
  return proof;
}
