import { setTimeout as sleep } from 'node:timers/promises';
import type { Balance, MinimumVersions } from '../domain/balance.ts';
import { findBalances } from '../repositories/balances.ts';
import type { Deps } from './ports.ts';

/** The read model is usually 20 ms behind; 200 ms in all, then the ledger is asked. */
const PAUSES_MS = [5, 10, 20, 40, 60, 65];

/**
 * Balances at least as new as their readers' own last writes: from the read model, waiting for it up to 200 ms, and
 * from the ledger where it did not get there. An account neither has heard of is left out.
 */
export async function freshBalances(
  deps: Pick<Deps, 'db' | 'ledger' | 'metrics'>,
  accountIds: readonly string[],
  minimum: MinimumVersions,
): Promise<ReadonlyMap<string, Balance>> {
  const balances = new Map(await findBalances(deps.db, accountIds));
  const behind = () => accountIds.filter((id) => isBehind(balances.get(id), minimum.get(id)));
  for (const pauseMs of PAUSES_MS) {
    const ids = behind().filter((id) => minimum.get(id) !== Number.POSITIVE_INFINITY);
    if (ids.length === 0) break;
    await sleep(pauseMs);
    for (const [id, balance] of await findBalances(deps.db, ids)) balances.set(id, balance);
  }
  const late = behind();
  if (late.length > 0) ledgerReads(deps).inc(late.length);
  await Promise.all(
    late.map(async (id) => {
      const balance = await deps.ledger.balance(id);
      if (balance !== undefined) balances.set(id, balance);
    }),
  );
  return balances;
}

export function ledgerReads(deps: Pick<Deps, 'metrics'>) {
  return deps.metrics.counter('florin_ledger_reads_total', 'Reads that could not wait for the read model');
}

function isBehind(balance: Balance | undefined, least: number | undefined): boolean {
  return (balance?.version ?? 0) < (least ?? 0);
}
