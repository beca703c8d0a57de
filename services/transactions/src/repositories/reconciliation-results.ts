import { type Executor, sql } from '@florin/postgres';
import type { Finding } from './reconciliation.ts';

/** How a proof of the books came out. */
export interface ProofResult {
  readonly mode: 'incremental' | 'full';
  readonly balanced: boolean;
  readonly checkedAccounts: number;
  readonly checkedPostings: number;
  readonly findings: readonly Finding[];
  readonly startedAtMs: number;
  readonly durationMs: number;
}

interface Row {
  mode: 'incremental' | 'full';
  checked_accounts: bigint;
  checked_postings: bigint;
  findings: Finding[];
  started_at: Date;
  duration_ms: bigint;
}

/** Keeps a result as the last of its kind, unless one of a proof that began later is there. */
export function keepResult(tx: Executor, result: ProofResult): Promise<number> {
  return tx.execute(sql`
    INSERT INTO reconciliation_result AS known
      (mode, checked_accounts, checked_postings, findings, started_at, duration_ms)
    VALUES (${result.mode}, ${result.checkedAccounts}, ${result.checkedPostings},
      ${JSON.stringify(result.findings)}::jsonb, ${new Date(result.startedAtMs)}, ${result.durationMs})
    ON CONFLICT (mode) DO UPDATE SET
      checked_accounts = excluded.checked_accounts, checked_postings = excluded.checked_postings,
      findings = excluded.findings, started_at = excluded.started_at, duration_ms = excluded.duration_ms
    WHERE known.started_at <= excluded.started_at`);
}

/** The last result of each kind, the newest first; none before the first proof. */
export async function readResults(db: Executor): Promise<ProofResult[]> {
  const rows = await db.query<Row>(sql`
    SELECT mode, checked_accounts, checked_postings, findings, started_at, duration_ms
    FROM reconciliation_result ORDER BY started_at DESC, mode`);
  return rows.map((row) => ({
    mode: row.mode,
    balanced: row.findings.length === 0,
    checkedAccounts: Number(row.checked_accounts),
    checkedPostings: Number(row.checked_postings),
    findings: row.findings,
    startedAtMs: row.started_at.getTime(),
    durationMs: Number(row.duration_ms),
  }));
}
