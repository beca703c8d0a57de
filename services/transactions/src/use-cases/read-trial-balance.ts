import { trialBalance } from '../repositories/system-accounts.ts';
import type { Ledger } from './ledger.ts';

/** The total of every system account and of all customer accounts, per currency; together they are zero. */
export function readTrialBalance(ledger: Ledger) {
  return trialBalance(ledger.db);
}
