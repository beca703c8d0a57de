import { createServer, type Server, type Service } from '@florin/http';
import { type Broker, messagingMigrations, outboxStatement, startRelay } from '@florin/messaging';
import { createMetrics, type Logger, type Metrics } from '@florin/observability';
import {
  type Database,
  migrate,
  openDatabase,
  openSession,
  PLAN_SETTINGS,
  type Session,
  type Statement,
  sql,
} from '@florin/postgres';
import { type Chore, type Clock, type NewId, startUpkeep } from '@florin/primitives';
import { createInternalTokenVerifier } from '@florin/security';
import { LRUCache } from 'lru-cache';
import { BANK_CODE, type TransactionsConfig } from './config.ts';
import type { Context, Decision, LedgerView } from './domain/ledger-view.ts';
import { eventsOf } from './events/publish.ts';
import { createPublish } from './events/publish-standing-orders.ts';
import { accountEndpoints } from './http/account-endpoints.ts';
import { bookEndpoints } from './http/book-endpoints.ts';
import { cashEndpoints } from './http/cash-endpoints.ts';
import { clockEndpoints } from './http/clock-endpoints.ts';
import { holdEndpoints } from './http/hold-endpoints.ts';
import { journalEndpoints } from './http/journal-endpoints.ts';
import { payeeEndpoints } from './http/payee-endpoints.ts';
import { standingOrderEndpoints } from './http/standing-order-endpoints.ts';
import { transferEndpoints } from './http/transfer-endpoints.ts';
import { BulkGate } from './use-cases/bulk-gate.ts';
import type { Payees } from './use-cases/check-payee.ts';
import { expireHolds } from './use-cases/expire-holds.ts';
import { GroupCommit } from './use-cases/group-commit.ts';
import { type BusinessTime, openBusinessTime } from './use-cases/keep-business-time.ts';
import type { Ledger } from './use-cases/ledger.ts';
import { PaidNotes } from './use-cases/paid-notes.ts';
import { PayeeChecks } from './use-cases/payee-checks.ts';
import { purgeOldCommands } from './use-cases/purge-old-commands.ts';
import { type Reconciliation, reconcile } from './use-cases/reconcile.ts';
import { runStandingOrders } from './use-cases/run-standing-orders.ts';
import type { StandingOrders } from './use-cases/standing-orders.ts';

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
  const { broker, clock } = ports;
  const logger = ports.logger.child({ service: SERVICE });
  const metrics = createMetrics({ service: SERVICE });
  const url = config.databaseUrl;
  const runtimeRole = decodeURIComponent(new URL(url).username);
  await migrate({ url: config.ownerUrl, folder: [messagingMigrations, MIGRATIONS], runtimeRole });
  const db = openDatabase({ url, applicationName: 'florin-transactions' });
  const time = await openBusinessTime(db, clock);
  const relay = startRelay({ url, name: SERVICE, source: SERVICE, broker, logger, metrics, clock });
  const writers = openWriters(config);
  const groupCommit = new GroupCommit({
    clock,
    writers,
    context: time.now,
    outbox: outboxBy(clock),
    committed: () => relay.wake(),
  });
  const ledger: Ledger = {
    groupCommit,
    bulkGate: new BulkGate(relay.lagMs),
    db,
    newId: ports.newId,
    accountIdsByIban: new LRUCache<string, string>({ max: IBANS_KEPT_MAX }),
  };
  const prove = createProof({ db, clock, logger, metrics });
  const payments = openPayments(config, ports, { ledger, time, published: () => relay.wake() });
  const server = await openServer(config, { ...ports, logger }, metrics, { ledger, time, prove, payments });
  const upkeep = startUpkeep(choresOf({ ledger, time, prove, payments, metrics }), (chore, error) =>
    logger.warn({ err: error, chore }, 'a chore failed and will come again'),
  );

  return {
    name: SERVICE,
    metrics,
    handle: server.handle,
    ready: () => answers(db),
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

function openWriters(config: TransactionsConfig): Session[] {
  return Array.from({ length: config.writers }, (_, index) =>
    openSession({
      url: config.databaseUrl,
      applicationName: `florin-ledger-writer-${index + 1}`,
      settings: PLAN_SETTINGS,
    }),
  );
}

/** What a batch says to the world, as the row that commits with it. */
function outboxBy(clock: Clock) {
  return (decisions: readonly Decision[], view: LedgerView, { nowMs }: Context): Statement | null => {
    const when = { bookedAt: new Date(nowMs).toISOString(), writtenAt: new Date(clock()).toISOString() };
    const events = decisions.flatMap((decision) => eventsOf(decision, view, when));
    return events.length === 0 ? null : outboxStatement(SERVICE, events);
  };
}

interface Parts {
  readonly ledger: Ledger;
  readonly time: BusinessTime;
  readonly prove: (mode: 'incremental' | 'full') => Promise<Reconciliation>;
  readonly payments: Payments;
}

/** Standing orders, and whom customers pay. */
interface Payments {
  readonly standingOrders: StandingOrders;
  readonly payees: Payees;
  readonly paidNotes: PaidNotes;
}

function openPayments(
  config: TransactionsConfig,
  { clock, newId }: TransactionsPorts,
  { ledger, time, published }: Pick<Parts, 'ledger' | 'time'> & { readonly published: () => void },
): Payments {
  const paidNotes = new PaidNotes(time.now);
  const bank = { db: ledger.db, newId, now: time.now, bankCode: config.bankCode ?? BANK_CODE };
  const publish = createPublish(SERVICE, clock);
  const notePaid = paidNotes.note.bind(paidNotes);
  return {
    standingOrders: { ...bank, groupCommit: ledger.groupCommit, publish, published, notePaid },
    payees: { ...bank, checks: new PayeeChecks(clock) },
    paidNotes,
  };
}

/** Reconciliation with its metric; a finding is logged as an error. */
function createProof(deps: { db: Database; clock: Clock; logger: Logger; metrics: Metrics }): Parts['prove'] {
  const balanced = deps.metrics.gauge('ledger_books_balanced', '1 when the last proof of the books had no finding');
  return async (mode) => {
    const result = await reconcile(deps, mode);
    balanced.set(result.balanced ? 1 : 0);
    if (!result.balanced) deps.logger.error({ findings: result.findings }, 'the books do not balance');
    return result;
  };
}

function openServer(
  config: TransactionsConfig,
  ports: TransactionsPorts,
  metrics: Metrics,
  { ledger, time, prove, payments }: Parts,
): Promise<Server> {
  const publicJwks = { keys: [...config.internalJwks.keys] };
  const verifier = createInternalTokenVerifier({ publicJwks, audience: SERVICE, clock: ports.clock });
  return createServer({
    service: SERVICE,
    logger: ports.logger,
    metrics,
    endpoints: [
      ...transferEndpoints(ledger, payments.standingOrders.notePaid),
      ...cashEndpoints(ledger),
      ...bookEndpoints(ledger, prove),
      ...journalEndpoints(ledger),
      ...accountEndpoints(ledger, time),
      ...holdEndpoints(ledger),
      ...clockEndpoints(time),
      ...payeeEndpoints(payments.payees),
      ...standingOrderEndpoints(payments.standingOrders),
    ],
    authenticate: ({ authorization }) =>
      authorization?.startsWith(BEARER) ? verifier.verify(authorization.slice(BEARER.length)) : undefined,
    ...(ports.validateResponses === undefined ? {} : { validateResponses: ports.validateResponses }),
  });
}

const BEARER = 'Bearer ';

function choresOf({ ledger, time, prove, payments, metrics }: Parts & { readonly metrics: Metrics }): Chore[] {
  const queueDepth = metrics.gauge('ledger_queue_depth', 'Submissions that wait for a batch');
  return [
    { name: 'measure-queue', everyMs: 1_000, run: async () => queueDepth.set(ledger.groupCommit.depth) },
    { name: 'refresh-clock', everyMs: 1_000, run: time.refresh },
    { name: 'expire-holds', everyMs: 1_000, run: () => expireHolds(ledger, time.now().nowMs) },
    { name: 'run-standing-orders', everyMs: 1_000, run: () => runStandingOrders(payments.standingOrders) },
    { name: 'write-paid-notes', everyMs: 5_000, run: () => payments.paidNotes.flush(ledger.db) },
    { name: 'reconcile', everyMs: 60_000, run: proveByDay(time, prove) },
    { name: 'purge-commands', everyMs: 600_000, run: () => purgeOldCommands(ledger.db) },
  ];
}

/** The new postings every minute; everything, once, when a business day is over. */
function proveByDay(time: BusinessTime, prove: Parts['prove']): () => Promise<Reconciliation> {
  let provenDate = time.now().businessDate;
  return async () => {
    const { businessDate } = time.now();
    const result = await prove(businessDate === provenDate ? 'incremental' : 'full');
    provenDate = businessDate;
    return result;
  };
}

function answers(db: Database): Promise<boolean> {
  return db.query(sql`SELECT 1`).then(
    () => true,
    () => false,
  );
}
