import type { Database } from '@florin/postgres';
import type { Clock } from '@florin/primitives';
import {
  advanceCheckpoint,
  countChecked,
  type Finding,
  findFindings,
  freezePostingId,
  readCheckpoint,
} from '../repositories/reconciliation.ts';

export interface Reconciliation {
  readonly mode: 'incremental' | 'full';
  readonly balanced: boolean;
  readonly checkedAccounts: number;
  readonly checkedPostings: number;
  readonly findings: readonly Finding[];
  readonly startedAtMs: number;
  readonly durationMs: number;
}

/**
 * Proves the books: every journal sums to zero, every balance equals its postings, held equals the open holds, and
 * all balances together are zero per currency. `incremental` looks at what was posted since the last proof, `full`
 * at everything. A proof without findings moves the checkpoint forward.
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
  if (balanced) await deps.db.transaction((tx) => advanceCheckpoint(tx, upTo));
  return { mode, balanced, ...result, startedAtMs, durationMs: deps.clock() - startedAtMs };
}
