import { sumLines, type TrialLine, type TrialTotal, totalsOf } from '../domain/trial-balance.ts';
import { trialBalance } from '../repositories/system-accounts.ts';
import type { Shards, Stored } from './shards.ts';

export interface TrialBalance {
  readonly lines: readonly TrialLine[];
  readonly totals: readonly TrialTotal[];
}

/** The total of every system account and of all customer accounts, per currency, and what they add up to. */
export async function readTrialBalance({ all }: Pick<Shards<Stored>, 'all'>): Promise<TrialBalance> {
  const lines = sumLines((await Promise.all(all.map(({ db }) => trialBalance(db)))).flat());
  return { lines, totals: totalsOf(lines) };
}
