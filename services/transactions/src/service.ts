import { type ApprovalDesk, approvalEndpoints, approvalMigrations, finishApproved } from '@florin/approvals';
import { transactionsApprovals, transactionsSagas } from '@florin/contracts';
import { createServer, type Endpoint, type Server, type Service, type ServiceCall } from '@florin/http';
import {
  type Broker,
  consumer,
  messagingMigrations,
  type Relay,
  startRelay,
  type WrittenTrail,
} from '@florin/messaging';
import { createMetrics, type Logger, type Metrics } from '@florin/observability';
import { type Database, databaseReadiness, openSession, PLAN_SETTINGS, type Session } from '@florin/postgres';
import { type Chore, type Clock, type NewId, startUpkeep } from '@florin/primitives';
import { sagaCommandEndpoint, sagaDeskEndpoints, sagaMigrations } from '@florin/saga';
import { createInternalTokenVerifier, type InternalTokens } from '@florin/security';
import { twoPhaseMigrations } from '@florin/two-phase-commit';
import { LRUCache } from 'lru-cache';
import { CASH_ALONE, readCashLimits, type TransactionsConfig } from './config.ts';
import { createErasures } from './events/erasures.ts';
import { createOutbox } from './events/publish.ts';
import { crossingEvents } from './events/publish-crossings.ts';
import { createRecord, createTrail } from './events/record.ts';
import { accountEndpoints } from './http/account-endpoints.ts';
import { bookEndpoints } from './http/book-endpoints.ts';
import { cashEndpoints } from './http/cash-endpoints.ts';
import { clockEndpoints } from './http/clock-endpoints.ts';
import { confirmationEndpoints } from './http/confirmation-endpoints.ts';
import { holdEndpoints } from './http/hold-endpoints.ts';
import { journalEndpoints } from './http/journal-endpoints.ts';
import { payeeEndpoints } from './http/payee-endpoints.ts';
import { reversalEndpoints } from './http/reversal-endpoints.ts';
import { standingOrderEndpoints } from './http/standing-order-endpoints.ts';
import { transferEndpoints } from './http/transfer-endpoints.ts';
import { twoPhaseEndpoints } from './http/two-phase-endpoints.ts';
import { openConfirmations, openPayments, type Payments } from './parts.ts';
import { cashApprovables } from './use-cases/approve-cash.ts';
import { reversalApprovables } from './use-cases/approve-reversal.ts';
import { BulkGate } from './use-cases/bulk-gate.ts';
import { GroupCommit } from './use-cases/group-commit.ts';
import { type BusinessTime, openBusinessTime } from './use-cases/keep-business-time.ts';
import type { Ledger } from './use-cases/ledger.ts';
import { type LedgerMeasures, ledgerMeasures } from './use-cases/ledger-measures.ts';
import { openSagas } from './use-cases/open-sagas.ts';
import { openReader, openStores } from './use-cases/open-stores.ts';
import { openTwoPhase } from './use-cases/open-two-phase.ts';
import { proveShards } from './use-cases/prove-shards.ts';
import type { Reconciliation } from './use-cases/reconcile.ts';
import { createShards, type Shards, type Stored } from './use-cases/shards.ts';
import { takeSagaCommand } from './use-cases/take-saga-command.ts';
import type { TransferDesk } from './use-cases/transfer-desk.ts';
import { choresOf } from './use-cases/upkeep.ts';

const SERVICE = 'transactions';
const OWN_MIGRATIONS = new URL('../migrations/', import.meta.url);
const MIGRATIONS = [messagingMigrations, approvalMigrations, sagaMigrations, twoPhaseMigrations, OWN_MIGRATIONS];
/** Mappings of 100 bytes that never change: the payees of a busy day. */
const IBANS_KEPT_MAX = 50_000;

export interface TransactionsPorts {
  readonly broker: Broker;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Reaches the users service, which keeps people's second factors. */
  readonly calls: ServiceCall;
  readonly tokens: InternalTokens;
  /** Hold every answer against its contract; for tests. */
  readonly validateResponses?: boolean;
  /** Given the relay of each shard: for benchmarks, whose own ledger writes into the same outboxes. */
  readonly relayOpened?: (relay: Relay) => void;
}

/** Opens the ledger: migrates its databases, opens writers, relay and upkeep of every shard, and answers its routes. */
export async function startTransactions(config: TransactionsConfig, ports: TransactionsPorts): Promise<Service> {
  const { clock } = ports;
  const logger = ports.logger.child({ service: SERVICE });
  const metrics = createMetrics({ service: SERVICE });
  const measures = ledgerMeasures(metrics);
  const stores = await openStores(config.shards, { migrations: MIGRATIONS, nameOfShard });
  const time = await openBusinessTime(stores, clock);
  const opened = config.shards.map(({ databaseUrl }, index) =>
    openShard(config, { ...ports, logger }, { index, url: databaseUrl, db: stores[index] as Database, metrics, time }),
  );
  const shards = createShards(opened.map(({ ledger }) => ledger));
  const readers = createShards(opened.map(({ reader }) => reader));
  const twoPhase = await openTwoPhase(
    config.shards.map(({ databaseUrl }) => databaseUrl),
    { shards, branch: { context: time.now, outbox: createOutbox(SERVICE, clock, 'at-once') }, logger, metrics },
  );
  const sagas = await openSagas(
    config.shards.map(({ databaseUrl }, index) => ({ name: nameOfShard(index), url: databaseUrl })),
    {
      shards,
      outbox: (transition) => crossingEvents(transition, clock()),
      committed: (index) => opened[index]?.relay.wake(),
      clock,
      logger,
      metrics,
    },
  );
  const prove = createProof({ shards, clock, logger, measures });
  const approval = { shards, clock, strongAuthentication: config.strongAuthentication ?? 'enrolled' };
  const desk: TransferDesk = { shards, now: time.now, approvals: approval, ...sagas.desk, ...twoPhase.desk };
  const places = { source: SERVICE, desk, time, wakeOf: (index: number) => opened[index]?.relay.wake() };
  const payments = openPayments(config, ports, places);
  const approvals = approvalDeskOf(desk, ports);
  const staff = [
    ...counterEndpoints(config, desk, approvals),
    ...sagaDeskEndpoints(transactionsSagas, { ...sagas, source: SERVICE, clock, newId: ports.newId }),
    ...twoPhaseEndpoints(twoPhase.books),
    ...confirmationEndpoints(openConfirmations(ports, places)),
  ];
  const trail = createTrail(SERVICE, shards.first.db, { ...ports, logger, metrics });
  const parts: Parts = { trail, desk, shards, readers, time, prove, payments, staff };
  const server = await openServer(config, { ...ports, logger }, metrics, parts);
  const { paidNotes, standingOrders } = payments;
  const usual = choresOf({ ...parts, paidNotes, standingOrders: standingOrders.all, measures, clock });
  const chores = [...twoPhase.chores, ...usual, finishing(approvals)];
  const upkeep = startUpkeep(chores, (chore, error) =>
    logger.warn({ err: error, chore }, 'a chore failed and will come again'),
  );

  return {
    name: SERVICE,
    metrics,
    handle: server.handle,
    ready: databaseReadiness({ databases: stores, clock, logger }),
    async drain() {
      await server.drain();
      await upkeep.close();
      await sagas.drain();
      await Promise.all(shards.all.map(({ groupCommit }) => groupCommit.close()));
    },
    async close() {
      await server.close();
      await upkeep.close();
      await sagas.close();
      await twoPhase.close();
      await trail.close();
      await Promise.all(opened.map((shard) => shard.close()));
    },
  };
}

function finishing(approvals: ApprovalDesk): Chore {
  return { name: 'finish-approved', everyMs: 1_000, run: () => finishApproved(approvals) };
}

/** Cash, what is taken back, and what two people decide about both. */
function counterEndpoints({ cashLimits }: TransactionsConfig, desk: TransferDesk, approvals: ApprovalDesk): Endpoint[] {
  const limits = cashLimits ?? readCashLimits(CASH_ALONE);
  return [
    ...cashEndpoints({ shards: desk.shards, limits, approvals }),
    ...reversalEndpoints(desk, approvals),
    ...approvalEndpoints(transactionsApprovals, approvals),
  ];
}

/** Cash above what a teller moves alone, and reversals: asked and decided in the shard of what they are about. */
function approvalDeskOf(desk: TransferDesk, { clock, newId }: TransactionsPorts): ApprovalDesk {
  const { shards } = desk;
  const kinds = { ...cashApprovables(shards), ...reversalApprovables(desk) };
  const stores = shards.all.map(({ db }) => db);
  return { stores, storeOf: (id) => shards.ofId(id).db, kinds, source: SERVICE, clock, newId };
}

/** The first keeps the name that the only one has. */
function nameOfShard(index: number): string {
  return index === 0 ? SERVICE : `${SERVICE}-${index}`;
}

interface ShardParts {
  readonly index: number;
  readonly url: string;
  readonly db: Database;
  readonly metrics: Metrics;
  readonly time: BusinessTime;
}

/** A shard with what keeps it going. */
function openShard(
  config: TransactionsConfig,
  ports: TransactionsPorts,
  { index, url, db, metrics, time }: ShardParts,
) {
  const { broker, logger, clock, newId } = ports;
  const relay = startRelay({ url, name: nameOfShard(index), source: SERVICE, broker, logger, metrics, clock });
  ports.relayOpened?.(relay);
  broker.subscribe(consumer({ database: db, ...createErasures(nameOfShard(index)), logger, metrics, clock }));
  const writers = openWriters(config, url);
  const groupCommit = new GroupCommit({
    clock,
    writers,
    context: time.now,
    outbox: createOutbox(SERVICE, clock),
    committed: () => relay.wake(),
    measures: ledgerMeasures(metrics),
  });
  const ledger: Ledger = {
    index,
    groupCommit,
    bulkGate: new BulkGate(relay.lagMs),
    db,
    newId,
    accountIdsByIban: new LRUCache<string, string>({ max: IBANS_KEPT_MAX }),
  };
  const reader = openReader(config.shards[index], db, metrics);
  return {
    ledger,
    relay,
    reader: { db: reader },
    async close() {
      await groupCommit.close();
      await relay.close();
      await Promise.all(writers.map((writer) => writer.close()));
      await reader.close();
      await db.close();
    },
  };
}

function openWriters({ writers }: TransactionsConfig, url: string): Session[] {
  return Array.from({ length: writers }, (_, index) =>
    openSession({ url, applicationName: `florin-ledger-writer-${index + 1}`, settings: PLAN_SETTINGS }),
  );
}

interface Parts {
  readonly trail: WrittenTrail;
  readonly desk: TransferDesk;
  readonly shards: Shards;
  /** What only looks things up may be behind no write, and need not be in the way of any. */
  readonly readers: Shards<Stored>;
  readonly time: BusinessTime;
  readonly prove: (mode: 'incremental' | 'full') => Promise<Reconciliation>;
  readonly payments: Payments;
  /** What staff see of work between shards, and do about it. */
  readonly staff: readonly Endpoint[];
}

/** Reconciliation with its metric; a finding is logged as an error. */
function createProof(deps: { shards: Shards; clock: Clock; logger: Logger; measures: LedgerMeasures }): Parts['prove'] {
  return async (mode) => {
    const result = await proveShards(deps, mode);
    deps.measures.proven(result);
    if (!result.balanced) deps.logger.error({ findings: result.findings }, 'the books do not balance');
    return result;
  };
}

function openServer(
  config: TransactionsConfig,
  ports: TransactionsPorts,
  metrics: Metrics,
  { trail, desk, shards, readers, time, prove, payments, staff }: Parts,
): Promise<Server> {
  const publicJwks = { keys: [...config.internalJwks.keys] };
  const verifier = createInternalTokenVerifier({ publicJwks, audience: SERVICE, clock: ports.clock });
  return createServer({
    service: SERVICE,
    logger: ports.logger,
    metrics,
    endpoints: [
      ...transferEndpoints(desk, payments.standingOrders.notePaid),
      ...bookEndpoints({ shards, prove, record: createRecord(SERVICE, ports.clock) }),
      ...journalEndpoints(readers),
      ...accountEndpoints(shards, time),
      ...holdEndpoints(shards),
      ...clockEndpoints(time),
      ...payeeEndpoints(payments.payees),
      ...standingOrderEndpoints(payments.standingOrders),
      ...staff,
      sagaCommandEndpoint(SERVICE, (command) => takeSagaCommand({ ...desk, clock: ports.clock }, command)),
    ],
    authenticate: ({ authorization }) =>
      authorization?.startsWith(BEARER) ? verifier.verify(authorization.slice(BEARER.length)) : undefined,
    trail,
    ...(ports.validateResponses === undefined ? {} : { validateResponses: ports.validateResponses }),
  });
}

const BEARER = 'Bearer ';
