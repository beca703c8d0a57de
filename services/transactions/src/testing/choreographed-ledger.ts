import type { IncomingMessage } from 'node:http';
import { createServer, type Service } from '@florin/http';
import type { Relay, Subscription } from '@florin/messaging';
import { createMetrics } from '@florin/observability';
import { type Database, openDatabase, openSession, PLAN_SETTINGS } from '@florin/postgres';
import { createInternalTokenVerifier } from '@florin/security';
import { LRUCache } from 'lru-cache';
import type { TransactionsConfig } from '../config.ts';
import { transferEndpoints } from '../http/transfer-endpoints.ts';
import { startTransactions, type TransactionsPorts } from '../service.ts';
import { BulkGate } from '../use-cases/bulk-gate.ts';
import { type BusinessTime, openBusinessTime } from '../use-cases/keep-business-time.ts';
import type { Ledger } from '../use-cases/ledger.ts';
import { ledgerMeasures } from '../use-cases/ledger-measures.ts';
import { createShards, type Shards } from '../use-cases/shards.ts';
import { ChoreographedCommit } from './choreographed-commit.ts';
import { CHOREOGRAPHED, heardOf } from './choreography.ts';

const BEARER = 'Bearer ';
const TOPICS = CHOREOGRAPHED.reactions.map(({ on }) => on);

interface ChoreographedShard extends Ledger {
  readonly groupCommit: ChoreographedCommit;
  close(): Promise<void>;
}

/**
 * The ledger as it is, and beside it, on the same books and outboxes, one whose transfers between shards are choreographed.
 * A request is choreographed when its idempotency key begins with `prefix`. For benchmarks, in place of `startTransactions`.
 */
export async function startBothLedgers(
  config: TransactionsConfig,
  ports: TransactionsPorts,
  prefix: string,
): Promise<Service> {
  const relays: Relay[] = [];
  const service = await startTransactions(config, { ...ports, relayOpened: (relay) => relays.push(relay) });
  const stores = config.shards.map(({ databaseUrl }) =>
    openDatabase({ url: databaseUrl, applicationName: 'choreographed' }),
  );
  const time = await openBusinessTime(stores, ports.clock);
  const opened = stores.map((db, index) =>
    openShard(config, ports, { index, db, time, committed: () => relays[index]?.wake() }),
  );
  const shards = createShards(opened);
  for (const shard of opened) ports.broker.subscribe(subscriptionOf(shards, shard));
  const server = await openServer(config, ports, shards, time);
  const isChoreographed = ({ headers }: IncomingMessage) => `${headers['idempotency-key']}`.startsWith(prefix);
  return {
    ...service,
    handle: (request, response) => (isChoreographed(request) ? server : service).handle(request, response),
    async drain() {
      await server.drain();
      await service.drain();
    },
    async close() {
      await server.close();
      // With the relays inside, which would tell us more.
      await service.close();
      await Promise.all(opened.map((shard) => shard.close()));
    },
  };
}

interface ShardParts {
  readonly index: number;
  readonly db: Database;
  readonly time: BusinessTime;
  readonly committed: () => void;
}

function openShard(
  { shards, writers: count }: TransactionsConfig,
  { clock, newId }: TransactionsPorts,
  { index, db, time, committed }: ShardParts,
): ChoreographedShard {
  const url = shards[index]?.databaseUrl ?? '';
  const writers = Array.from({ length: count }, () =>
    openSession({ url, applicationName: 'choreographed-writer', settings: PLAN_SETTINGS }),
  );
  const measures = ledgerMeasures(createMetrics({ service: 'choreographed' }));
  const groupCommit = new ChoreographedCommit({ clock, newId, writers, context: time.now, committed, measures });
  return {
    index,
    groupCommit,
    bulkGate: new BulkGate(() => 0),
    db,
    newId,
    accountIdsByIban: new LRUCache<string, string>({ max: 1_000 }),
    async close() {
      await groupCommit.close();
      await Promise.all(writers.map((writer) => writer.close()));
      await db.close();
    },
  };
}

/** What a shard hears, of what concerns accounts of its own. All of a chunk go into as few commits as they fit. */
function subscriptionOf(shards: Shards<ChoreographedShard>, shard: ChoreographedShard): Subscription {
  return {
    group: `choreographed-${shard.index}`,
    topics: TOPICS,
    async handle(events) {
      const own = events.map(heardOf).filter(({ accountId }) => shards.ofId(accountId) === shard);
      await Promise.all(own.map((heard) => shard.groupCommit.hear(heard)));
    },
  };
}

/** The service's own endpoints over other ledgers. */
function openServer(config: TransactionsConfig, ports: TransactionsPorts, shards: Shards, { now }: BusinessTime) {
  const publicJwks = { keys: [...config.internalJwks.keys] };
  const verifier = createInternalTokenVerifier({ publicJwks, audience: 'transactions', clock: ports.clock });
  const nobody = { holder: '', nowMs: ports.clock, started: () => undefined };
  const elsewhere = () => {
    throw new Error('choreographed transfers have no coordinator');
  };
  const approvals = { shards, clock: ports.clock, strongAuthentication: 'enrolled' } as const;
  const desk = { shards, now, approvals, runnerOf: () => nobody, findSaga: async () => undefined };
  return createServer({
    service: 'transactions',
    logger: ports.logger,
    metrics: createMetrics({ service: 'choreographed' }),
    endpoints: transferEndpoints({ ...desk, coordinatorOf: elsewhere, branchOf: elsewhere }, () => undefined),
    authenticate: ({ authorization }) =>
      authorization?.startsWith(BEARER) ? verifier.verify(authorization.slice(BEARER.length)) : undefined,
    ...(ports.validateResponses === undefined ? {} : { validateResponses: ports.validateResponses }),
  });
}
