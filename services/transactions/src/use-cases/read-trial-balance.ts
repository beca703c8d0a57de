import { type TrialLine, type TrialTotal, totalsOf } from '../domain/trial-balance.ts';
import { trialBalance } from '../repositories/system-accounts.ts';
import type { Ledger } from './ledger.ts';

export interface TrialBalance {
  readonly lines: readonly TrialLine[];
  readonly totals: readonly TrialTotal[];
}

/** The total of every system account and of all customer accounts, per currency, and what they add up to. */
export async function readTrialBalance(ledger: Pick<Ledger, 'db'>): Promise<TrialBalance> {
  const lines = await trialBalance(ledger.db);
  return { lines, totals: totalsOf(lines) };
}
