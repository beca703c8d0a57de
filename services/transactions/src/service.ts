import { createServer, type Service } from '@florin/http';
import { type Broker, messagingMigrations, outboxStatement, startRelay } from '@florin/messaging';
import { createMetrics, type Logger } from '@florin/observability';
import { migrate, openDatabase, openSession, PLAN_SETTINGS, sql } from '@florin/postgres';
import type { Clock, NewId } from '@florin/primitives';
import { createInternalTokenVerifier } from '@florin/security';
import { LRUCache } from 'lru-cache';
import type { TransactionsConfig } from './config.ts';
import { eventsOf } from './events/publish.ts';
import { accountEndpoints } from './http/account-endpoints.ts';
import { bookEndpoints } from './http/book-endpoints.ts';
import { cashEndpoints } from './http/cash-endpoints.ts';
import { clockEndpoints } from './http/clock-endpoints.ts';
import { holdEndpoints } from './http/hold-endpoints.ts';
import { transferEndpoints } from './http/transfer-endpoints.ts';
import { expireHolds } from './use-cases/expire-holds.ts';
import { GroupCommit } from './use-cases/group-commit.ts';
import { openBusinessTime } from './use-cases/keep-business-time.ts';
import type { Ledger } from './use-cases/ledger.ts';
import { purgeOldCommands } from './use-cases/purge-old-commands.ts';
import { reconcile } from './use-cases/reconcile.ts';
import { startUpkeep } from './upkeep.ts';

const SERVICE = 'transactions';
const MIGRATIONS = new URL('../migrations/', import.meta.url);
/** Mappings of 100 bytes that never change: the payees of a busy day. */
const IBANS_KEPT_MAX = 50_000;

export interface TransactionsPorts {
  readonly broker: Broker;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Hold every answer against its contract; for tests. */
  readonly validateResponses?: boolean;
}

/** Opens the ledger: migrates its database, opens its writers, relay and upkeep, and answers its routes. */
export async function startTransactions(config: TransactionsConfig, ports: TransactionsPorts): Promise<Service> {
  const { broker, clock, newId } = ports;
  const logger = ports.logger.child({ service: SERVICE });
  const metrics = createMetrics({ service: SERVICE });
  const runtimeRole = new URL(config.databaseUrl).username;
  await migrate({ url: config.ownerUrl, folder: [messagingMigrations, MIGRATIONS], runtimeRole });
  const db = openDatabase({ url: config.databaseUrl, applicationName: 'florin-transactions' });
  const time = await openBusinessTime(db, clock);
  const relay = startRelay({ url: config.databaseUrl, name: SERVICE, source: SERVICE, broker, logger, metrics, clock });
  const writers = Array.from({ length: config.writers }, (_, index) =>
    openSession({
      url: config.databaseUrl,
      applicationName: `florin-ledger-writer-${index + 1}`,
      settings: PLAN_SETTINGS,
    }),
  );
  const groupCommit = new GroupCommit({
    clock,
    writers,
    context: time.now,
    outbox: (decisions, view, { nowMs }) => {
      const events = decisions.flatMap((decision) => eventsOf(decision, view, nowMs));
      return events.length === 0 ? null : outboxStatement(SERVICE, events);
    },
    committed: () => relay.wake(),
  });
  const queueDepth = metrics.gauge('ledger_queue_depth', 'Submissions that wait for a batch');
  const ledger: Ledger = {
    groupCommit,
    db,
    newId,
    accountIdsByIban: new LRUCache<string, string>({ max: IBANS_KEPT_MAX }),
  };
  const booksBalanced = metrics.gauge('ledger_books_balanced', '1 when the last proof of the books had no finding');
  const prove = async (mode: 'incremental' | 'full') => {
    const result = await reconcile({ db, clock }, mode);
    booksBalanced.set(result.balanced ? 1 : 0);
    if (!result.balanced) logger.error({ findings: result.findings }, 'the books do not balance');
    return result;
  };
  const verifier = createInternalTokenVerifier({
    publicJwks: { keys: [...config.internalJwks.keys] },
    audience: SERVICE,
    clock,
  });
  const server = await createServer({
    service: SERVICE,
    logger,
    metrics,
    endpoints: [
      ...transferEndpoints(ledger),
      ...cashEndpoints(ledger),
      ...bookEndpoints(ledger, prove),
      ...accountEndpoints(ledger),
      ...holdEndpoints(ledger),
      ...clockEndpoints(time),
    ],
    authenticate: ({ authorization }) =>
      authorization?.startsWith('Bearer ') ? verifier.verify(authorization.slice('Bearer '.length)) : undefined,
    ...(ports.validateResponses === undefined ? {} : { validateResponses: ports.validateResponses }),
  });
  const upkeep = startUpkeep(logger, [
    { name: 'measure-queue', everyMs: 1_000, run: async () => queueDepth.set(groupCommit.depth) },
    { name: 'expire-holds', everyMs: 1_000, run: () => expireHolds(ledger, time.now().nowMs) },
    { name: 'refresh-clock', everyMs: 1_000, run: time.refresh },
    { name: 'reconcile', everyMs: 60_000, run: () => prove('incremental') },
    { name: 'purge-commands', everyMs: 600_000, run: () => purgeOldCommands(db) },
  ]);

  return {
    name: SERVICE,
    metrics,
    handle: server.handle,
    ready: () =>
      db.query(sql`SELECT 1`).then(
        () => true,
        () => false,
      ),
    async drain() {
      await server.drain();
      await upkeep.close();
      await groupCommit.close();
    },
    async close() {
      await server.close();
      await upkeep.close();
      await groupCommit.close();
      await relay.close();
      await Promise.all(writers.map((writer) => writer.close()));
      await db.close();
    },
  };
}
