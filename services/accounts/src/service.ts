import { randomInt } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type ApprovalDesk, approvalEndpoints, approvalMigrations, finishApproved } from '@florin/approvals';
import type { Cache } from '@florin/cache';
import { accountsApprovals, accountsDeadLetters, accountsSagas } from '@florin/contracts';
import { createServer, type Service, type ServiceCall } from '@florin/http';
import {
  appendToOutbox,
  type Broker,
  consumer,
  createAuditTrail,
  deadLetterEndpoints,
  messagingMigrations,
  startRelay,
  type WrittenTrail,
} from '@florin/messaging';
import { createMetrics, type Logger, type Metrics } from '@florin/observability';
import {
  countReads,
  type Database,
  databaseReadiness,
  migrate,
  openDatabase,
  openReadingDatabase,
  PLAN_SETTINGS,
} from '@florin/postgres';
import { type Chore, type Clock, type NewId, startUpkeep } from '@florin/primitives';
import { purgeBarrier, type SagaDesk, sagaDeskEndpoints, sagaMigrations } from '@florin/saga';
import type { InternalTokens, InternalTokenVerifier } from '@florin/security';
import { type AccountsConfig, BALANCE_TTL_MS, BANK_CODE } from './config.ts';
import { createNewcomers } from './events/newcomers.ts';
import { createPublish, SOURCE } from './events/publish.ts';
import { createReadModel } from './events/read-model.ts';
import { detailEndpoints } from './http/detail-endpoints.ts';
import { PdfWorkers } from './http/documents/pdf-workers.ts';
import { insightEndpoints } from './http/insight-endpoints.ts';
import { presentAccount } from './http/presenters.ts';
import { refusal } from './http/problems.ts';
import { readEndpoints } from './http/read-endpoints.ts';
import { statementEndpoints } from './http/statement-endpoints.ts';
import { streamEndpoint } from './http/stream-endpoint.ts';
import { serverSentEvents } from './http/stream-texts.ts';
import { writeEndpoints } from './http/write-endpoints.ts';
import { createDirectory } from './outbound/directory.ts';
import { createLedger } from './outbound/ledger.ts';
import { createLedgerSteps } from './outbound/ledger-steps.ts';
import { findAccountNews, findOwnedVersions } from './repositories/account-news.ts';
import { findBalanceViews } from './repositories/balances.ts';
import { purgeCommands } from './repositories/commands.ts';
import { sumSpending } from './repositories/insights.ts';
import { type AccountStreams, createAccountStreams, STREAM_SETTINGS } from './use-cases/account-streams.ts';
import { createBalanceCache } from './use-cases/balance-cache.ts';
import type { CloseDeps } from './use-cases/close-account.ts';
import { closingApprovable } from './use-cases/close-by-staff.ts';
import { createFirstAccounts, type FirstAccounts } from './use-cases/first-accounts.ts';
import { statementWalk } from './use-cases/freeze-due-statements.ts';
import type { OpenDeps } from './use-cases/open-account.ts';
import { type Closings, openClosings } from './use-cases/open-closings.ts';
import type { Deps } from './use-cases/ports.ts';
import { accountApprovables, CLOSE } from './use-cases/second-person.ts';
import { createSpendingSums } from './use-cases/spending-sums.ts';
import { sweepIntents } from './use-cases/sweep-intents.ts';
import { createWarmLines } from './use-cases/warm-lines.ts';

export interface AccountsPorts {
  /** How other services are reached. */
  readonly calls: ServiceCall;
  /** Mints tokens as `service:accounts`. */
  readonly tokens: InternalTokens;
  /** Tells who sent a request, from the internal token it carries. */
  readonly verifyToken: InternalTokenVerifier['verify'];
  readonly broker: Broker;
  readonly cache: Cache;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Everything in the database of this service, in the order it is made. */
export const accountsMigrations: readonly URL[] = [
  messagingMigrations,
  approvalMigrations,
  sagaMigrations,
  new URL('../migrations/', import.meta.url),
];

const POOL_SIZE = 10;
/** The read model writes at its own pace; requests must not wait for its connections, nor it for theirs. */
const CONSUMER_POOL_SIZE = 2;
const SERIALS = 10_000_000;

/** Opens, wires and starts the accounts service. It subscribes to the broker before it answers. */
export async function startAccounts(config: AccountsConfig, ports: AccountsPorts): Promise<Service> {
  const { logger, clock } = ports;
  const metrics = createMetrics({ service: 'accounts' });
  await migrate({
    url: config.ownerUrl,
    folder: accountsMigrations,
    runtimeRole: decodeURIComponent(new URL(config.databaseUrl).username),
  });
  const url = config.databaseUrl;
  const { db, consumerDb } = openDatabases(config);
  const reading = openReader(config, db, metrics);
  const balances = openBalances(config, db);
  const spendingSums = createSpendingSums({ find: (...wanted) => sumSpending(reading, ...wanted) });
  const streams = openStreams(config, db, metrics);
  const warmLines = createWarmLines({ ...ports, metrics });
  const deps = openDeps(config, ports, db, metrics);
  const firstAccounts = createFirstAccounts({ ...deps, findHolder: createDirectory(ports).findHolder });
  const closing = await openClosing(config, deps, ports);
  const { closings } = closing;
  const approvals = approvalDeskOf(closing, ports);
  const readers = [createReadModel(metrics, { balances, warmLines, streams }), createNewcomers(firstAccounts, logger)];
  for (const reader of readers) {
    ports.broker.subscribe(consumer({ database: consumerDb, ...reader, logger, metrics, clock }));
  }
  const relay = startRelay({ url, name: 'accounts', source: SOURCE, broker: ports.broker, logger, metrics, clock });
  const pdfWorkers = new PdfWorkers();
  const trail = openTrail(ports, db, metrics);
  const chores = [...choresOf(deps, { firstAccounts, approvals, trail }), ...streamChores(config, streams)];
  const upkeep = startUpkeep(chores, noteFailure(logger));
  const server = await createServer({
    service: 'accounts',
    logger,
    metrics,
    endpoints: [
      ...readEndpoints({ ...deps, balances, warmLines, reading }),
      ...detailEndpoints(deps),
      ...insightEndpoints({ ...deps, db: reading, spendingSums }),
      streamEndpoint({ streams }),
      ...writeEndpoints({ ...closing, approvals }),
      ...approvalEndpoints(accountsApprovals, approvals),
      ...statementEndpoints({ ...deps, pdfWorkers, reading }),
      ...sagaDeskEndpoints(accountsSagas, deskOf(closings, ports)),
      ...deadLetterEndpoints(accountsDeadLetters, { database: db, source: SOURCE, readers, clock }),
    ],
    authenticate: (headers) => authenticate(ports, headers),
    trail,
    validateResponses: config.validateResponses ?? false,
  });

  return {
    name: 'accounts',
    metrics,
    handle: server.handle,
    ready: databaseReadiness({ databases: [db], clock, logger }),
    async drain() {
      // Nothing ends them but we: whoever waits for open connections would wait for minutes.
      streams.end();
      await server.drain();
      // Its sweep calls the ledger, which may be about to close.
      await upkeep.close();
      await firstAccounts.close();
      await closings.drain();
    },
    async close() {
      streams.end();
      for (const part of [server, pdfWorkers, upkeep, trail, firstAccounts, closings, relay, reading, db, consumerDb])
        await part.close();
    },
  };
}

/** What closes accounts. */
async function openClosing(config: AccountsConfig, deps: OpenDeps, ports: AccountsPorts): Promise<CloseDeps> {
  const { databaseUrl: url, strongAuthentication = 'enrolled' } = config;
  const closings = await openClosings(deps, { url, ledger: createLedgerSteps(ports) });
  return { ...deps, strongAuthentication, presentClosed: present(200), closings };
}

function noteFailure(logger: Logger): Parameters<typeof startUpkeep>[1] {
  return (chore, error) => logger.warn({ err: error, chore }, 'a chore failed and will come again');
}

function openDatabases(config: AccountsConfig): { readonly db: Database; readonly consumerDb: Database } {
  const open = (applicationName: string, poolSize: number) =>
    openDatabase({ url: config.databaseUrl, applicationName, poolSize, settings: PLAN_SETTINGS });
  return {
    db: open('accounts', config.poolSize ?? POOL_SIZE),
    consumerDb: open('accounts-read-model', CONSUMER_POOL_SIZE),
  };
}

function openBalances({ balanceTtlMs = BALANCE_TTL_MS }: AccountsConfig, db: Database) {
  return createBalanceCache({ find: (accountIds) => findBalanceViews(db, accountIds), ttlMs: balanceTtlMs });
}

function openReader(
  { standbyUrl, poolSize = POOL_SIZE }: AccountsConfig,
  primary: Database,
  metrics: Metrics,
): Database {
  if (standbyUrl === undefined) return primary;
  const standby = { url: standbyUrl, applicationName: 'accounts-reader', poolSize, settings: PLAN_SETTINGS };
  return openReadingDatabase({ primary, standby, noted: countReads(metrics) });
}

/** Idempotency keys forgotten at a time: enough for a thousand new accounts a second; more would hold locks for long. */
const COMMANDS_PURGED_MAX = 1_000;

/** Steps of closings forgotten at a time; each closing has three or four. */
const RECORDS_PURGED_MAX = 1_000;

interface Sleepers {
  readonly firstAccounts: FirstAccounts;
  readonly approvals: ApprovalDesk;
  readonly trail: WrittenTrail;
}

function choresOf(deps: OpenDeps, { firstAccounts, approvals, trail }: Sleepers): Chore[] {
  return [
    { name: 'first-accounts', everyMs: 1_000, run: () => firstAccounts.openDue() },
    { name: 'sweep-intents', everyMs: 1_000, run: () => sweepIntents(deps) },
    { name: 'finish-approved', everyMs: 1_000, run: () => finishApproved(approvals) },
    { name: 'purge-commands', everyMs: 1_000, run: () => purgeCommands(deps.db, COMMANDS_PURGED_MAX) },
    { name: 'purge-saga-records', everyMs: 1_000, run: () => purgeBarrier(deps.db, RECORDS_PURGED_MAX) },
    { name: 'freeze-statements', everyMs: 1_000, run: statementWalk(deps) },
    { name: 'audit-trail', everyMs: 1_000, run: () => trail.flush() },
  ];
}

function openStreams(config: AccountsConfig, db: Database, metrics: Metrics): AccountStreams {
  return createAccountStreams({
    findVersions: (customerIds) => findOwnedVersions(db, customerIds),
    findNews: (wanted) => findAccountNews(db, wanted),
    texts: serverSentEvents,
    settings: { ...STREAM_SETTINGS, ...config.streams },
    metrics,
  });
}

/** Of a closing, in the transaction that ends it: whoever asked may be gone by then. */
const RECORDED_WITH_THE_CHANGE = new Set(['account-not-empty']);

function openTrail(ports: AccountsPorts, db: Database, metrics: Metrics): WrittenTrail {
  return createAuditTrail({
    ...{ ...ports, metrics, recordedElsewhere: RECORDED_WITH_THE_CHANGE },
    append: (records) => appendToOutbox(db, SOURCE, records),
  });
}

const STREAM_POLL_MS = 2_000;

function streamChores(config: AccountsConfig, streams: AccountStreams): Chore[] {
  return [
    { name: 'poll-streams', everyMs: config.streams?.pollMs ?? STREAM_POLL_MS, run: () => streams.poll() },
    { name: 'keep-streams-alive', everyMs: 1_000, run: async () => streams.keepAlive() },
  ];
}

/** What needs two people here. */
function approvalDeskOf(deps: CloseDeps, { clock, newId }: AccountsPorts): ApprovalDesk {
  const kinds = { ...accountApprovables(deps), [CLOSE]: closingApprovable(deps) };
  return { stores: [deps.db], storeOf: () => deps.db, kinds, source: SOURCE, clock, newId };
}

/** Where staff look after the closings that are stuck. */
function deskOf({ host }: Closings, { clock, newId }: AccountsPorts): SagaDesk {
  return { hosts: [host], hostOf: () => host, source: SOURCE, clock, newId };
}

function present(status: number): Deps['presentOpened'] {
  return (account, balance) => ({ status, body: JSON.stringify(presentAccount(account, balance)) });
}

function openDeps(config: AccountsConfig, ports: AccountsPorts, db: Database, metrics: Metrics): OpenDeps {
  const { clock, logger, newId } = ports;
  return {
    db,
    ledger: createLedger(ports),
    publish: createPublish(clock),
    clock,
    logger,
    metrics,
    newId,
    newSerial: () => randomInt(SERIALS),
    bankCode: config.bankCode ?? BANK_CODE,
    presentOpened: present(201),
    presentRefused: (failure, traceId) => {
      const reply = refusal(failure, traceId);
      return { status: reply.status, body: reply.text ?? '' };
    },
  };
}

const BEARER = 'Bearer ';

function authenticate(ports: AccountsPorts, headers: IncomingHttpHeaders) {
  const { authorization } = headers;
  return authorization?.startsWith(BEARER) ? ports.verifyToken(authorization.slice(BEARER.length)) : undefined;
}
