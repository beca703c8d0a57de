import { overHttp, type Transport } from '@florin/saga';
import type { LedgerOptions } from './ledger.ts';
import { MYSELF } from './myself.ts';

/** The way to the ledger for steps of sagas, as the accounts service. */
export function createLedgerSteps({ calls, tokens }: LedgerOptions): Transport {
  return overHttp({ calls, service: 'transactions', token: () => tokens.mint(MYSELF, 'transactions') });
}
