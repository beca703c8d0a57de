import type { Chore, Clock } from '@florin/primitives';
import { expireHolds } from './expire-holds.ts';
import type { BusinessTime } from './keep-business-time.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerMeasures } from './ledger-measures.ts';
import { measureHolds } from './measure-holds.ts';
import type { PaidNotes } from './paid-notes.ts';
import { purgeOldCommands, purgeOldConfirmations } from './purge-old-commands.ts';
import type { Reconciliation } from './reconcile.ts';
import { runStandingOrders } from './run-standing-orders.ts';
import type { Shards } from './shards.ts';
import type { StandingOrders } from './standing-orders.ts';

export interface UpkeepParts {
  readonly shards: Shards;
  readonly time: BusinessTime;
  readonly prove: (mode: 'incremental' | 'full') => Promise<Reconciliation>;
  /** The standing orders of each shard. */
  readonly standingOrders: readonly StandingOrders[];
  readonly paidNotes: PaidNotes;
  /** Where denied requests are put together until they go on record. */
  readonly trail: { flush(): Promise<void> };
  readonly measures: LedgerMeasures;
  readonly clock: Clock;
}

/** What a ledger does by itself: for all of it, and for each of its shards. */
export function choresOf(parts: UpkeepParts): Chore[] {
  const { shards, time, prove, standingOrders, paidNotes, trail, measures } = parts;
  const depth = () => shards.all.reduce((sum, { groupCommit }) => sum + groupCommit.depth, 0);
  return [
    { name: 'measure-queue', everyMs: 1_000, run: async () => measures.waiting(depth()) },
    { name: 'refresh-clock', everyMs: 1_000, run: time.refresh },
    { name: 'write-paid-notes', everyMs: 5_000, run: () => paidNotes.flush(shards) },
    { name: 'audit-trail', everyMs: 1_000, run: () => trail.flush() },
    { name: 'reconcile', everyMs: 60_000, run: proveByDay(time, prove) },
    ...shards.all.flatMap((ledger) => choresOfShard(ledger, parts)),
    ...standingOrders.map((orders, index) => ({
      name: `run-standing-orders-${index}`,
      everyMs: 1_000,
      run: () => runStandingOrders(orders),
    })),
  ];
}

function choresOfShard(ledger: Ledger, { time, measures, clock }: UpkeepParts): Chore[] {
  return [
    { name: `measure-holds-${ledger.index}`, everyMs: 10_000, run: () => measureHolds(ledger, measures, clock) },
    { name: `expire-holds-${ledger.index}`, everyMs: 1_000, run: () => expireHolds(ledger, time.now().nowMs) },
    { name: `purge-commands-${ledger.index}`, everyMs: 600_000, run: () => purgeOldCommands(ledger.db) },
    {
      name: `purge-confirmations-${ledger.index}`,
      everyMs: 600_000,
      run: () => purgeOldConfirmations(ledger.db),
    },
  ];
}

/** The new postings every minute; everything, once, when a business day is over. */
function proveByDay(time: BusinessTime, prove: UpkeepParts['prove']): () => Promise<Reconciliation> {
  let provenDate = time.now().businessDate;
  return async () => {
    const { businessDate } = time.now();
    const result = await prove(businessDate === provenDate ? 'incremental' : 'full');
    provenDate = businessDate;
    return result;
  };
}
