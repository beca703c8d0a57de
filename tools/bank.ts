import { startAccounts } from '@florin/accounts';
import { type Cache, memoryCache } from '@florin/cache';
import { bankRoutes, type ServiceName } from '@florin/contracts';
import {
  caughtUp,
  createGateway,
  feedDenylist,
  type Gateway,
  type GatewayLimits,
  inProcessHealth,
  resolveSessionThrough,
} from '@florin/gateway';
import {
  inProcessCalls,
  inProcessForward,
  type OpenTls,
  type Service,
  type ServiceCall,
  startInternalServer,
} from '@florin/http';
import { type Broker, memoryBroker } from '@florin/messaging';
import { startNotifications } from '@florin/notifications';
import { createMetrics, type Logger } from '@florin/observability';
import { Fault, invariant, newId, systemClock } from '@florin/primitives';
import {
  createAccessTokenVerifier,
  createInternalTokenMinter,
  createInternalTokenVerifier,
  type Denylist,
  type InternalTokens,
  openKeyFile,
} from '@florin/security';
import { startTransactions, WRITERS_DEFAULT } from '@florin/transactions';
import { startUsers, type UsersService } from '@florin/users';
import type { JSONWebKeySet } from 'jose';
import { addressOf, prepareDatabases, prepareFurtherShards } from './bank-databases.ts';
import type { SealingService, Secrets } from './secrets.ts';

export interface BankOptions {
  /** The superuser's address of the PostgreSQL server; databases and roles are made when they are missing. */
  readonly postgresUrl: string;
  readonly secrets: Secrets;
  readonly publicUrl: string;
  readonly host: string;
  /** The public port; the internal one is the next. 0 takes free ones. */
  readonly port: number;
  /** The public certificate; the public port speaks plain http when absent. */
  readonly tls?: OpenTls | undefined;
  readonly limits: Partial<GatewayLimits>;
  /** Whom to tell of a hole; see the gateway. */
  readonly securityContact?: string | undefined;
  /** How many databases the ledger is spread over; 1 when absent. It can not be changed later. */
  readonly shards?: number;
  /** The superuser's addresses of the servers of shards that have one of their own. */
  readonly shardServers?: ReadonlyMap<number, string>;
  /** Who confirms payments; those who have a second factor when absent. */
  readonly strongAuthentication?: 'enrolled' | 'always';
  /** The built web client, behind the public door. */
  readonly webClient?: { readonly folder: string };
  /** How mail leaves, as `FLORIN_MAIL_URL`; none does when absent. */
  readonly mailUrl?: string;
  /** The file of those who know people as well, and sign them in. */
  readonly identityProvidersFile?: string | undefined;
  readonly logger: Logger;
  /** Keys besides the issuer's whose access tokens are accepted; for benchmarks that sign in thousands. */
  readonly extraAccessKeys?: JSONWebKeySet;
  /** Starts the ledger in its usual way and something beside it; for benchmarks that hold the two against each other. */
  readonly startLedger?: typeof startTransactions;
  /** Hold every answer against its contract; for tests. */
  readonly validateResponses?: boolean;
}

/** A whole bank in one process. */
export interface Bank {
  readonly gateway: Gateway;
  readonly services: readonly Service[];
  /** Calls between services, with tokens that say it is the gateway's own process asking. */
  readonly calls: ServiceCall;
  readonly tokens: InternalTokens;
  /** A second door with limits of its own, for seeding: the public one stays as strict as it is. */
  openSideDoor(limits: Partial<GatewayLimits>): Promise<Gateway>;
  /** Opens the public port. */
  listen(): Promise<{ readonly port: number }>;
  /** Refuses new work, lets what is under way finish, and closes everything, the gateway first. */
  close(): Promise<void>;
}

/** Starts every service and the gateway in this process, tied together without sockets. The public port stays shut. */
export async function startBank(options: BankOptions): Promise<Bank> {
  const opened: { close(): Promise<void> }[] = [];
  try {
    return await openBank(options, opened);
  } catch (error) {
    await Promise.allSettled(opened.map((part) => part.close()));
    throw error;
  }
}

/** As long as it may take on a busy machine to be told what was revoked. */
const CATCH_UP_MS_MAX = 30_000;

async function openBank(options: BankOptions, opened: { close(): Promise<void> }[]): Promise<Bank> {
  const trust = openTrust(options.secrets);
  // Nothing is published before every reader has subscribed, or a backlog would pass the late ones by.
  const broker = memoryBroker({ paused: true });
  const handlers = new Map<ServiceName, Service>();
  const calls = inProcessCalls(() => handlers);
  const cache = memoryCache({ clock: systemClock });
  const started = await startServices(options, { trust, broker, cache, calls, opened });
  const { users, accounts, transactions, notifications } = started;
  const behind: readonly Service[] = [users, accounts, transactions, notifications];
  handlers
    .set('users', users)
    .set('transactions', transactions)
    .set('accounts', accounts)
    .set('notifications', notifications);
  const tokens = trust.minter('gateway');
  const fed = feedDenylist(broker, calls, tokens);
  const { denylist } = fed;
  // A machine that is busy with something else answers late, and is asked again.
  if (!(await caughtUp(fed, options.logger, AbortSignal.timeout(CATCH_UP_MS_MAX)))) {
    throw new Fault('revocations-unavailable', 'what was revoked before could not be read');
  }
  const door = createDoor(options, { users, handlers, cache, calls, tokens, denylist });
  const gateway = await door(options.limits, options.webClient);
  opened.push(gateway);
  broker.resume();
  const services: readonly Service[] = [gateway, ...behind];
  const internal = await startInternalServer({
    host: options.host,
    port: options.port === 0 ? 0 : options.port + 1,
    services: () => services,
  });

  return {
    gateway,
    services,
    calls,
    tokens,
    openSideDoor: (limits) => door(limits),
    listen: () => gateway.listen(),
    async close() {
      await gateway.drain();
      await Promise.all(behind.map((service) => service.drain()));
      await gateway.close();
      await Promise.all(behind.map((service) => service.close()));
      await broker.close();
      await internal.close();
    },
  };
}

/** Who may speak for whom: the internal keys of this bank, as minters and verifiers. */
function openTrust(secrets: Secrets) {
  const publicJwks = { keys: Object.values(secrets.internalKeys).map((key) => key.publicJwk) } as JSONWebKeySet;
  return {
    publicJwks,
    minter(issuer: 'gateway' | ServiceName): InternalTokens {
      const key = secrets.internalKeys[issuer];
      invariant(key !== undefined, `the secrets hold no internal key of ${issuer}`);
      return createInternalTokenMinter({ privateJwk: key.privateJwk, issuer, clock: systemClock });
    },
    verifier: (audience: ServiceName) => createInternalTokenVerifier({ publicJwks, audience, clock: systemClock }),
  };
}

interface ServiceParts {
  readonly trust: ReturnType<typeof openTrust>;
  readonly broker: Broker;
  readonly cache: Cache;
  readonly calls: ServiceCall;
  readonly opened: { close(): Promise<void> }[];
}

/** This process consumes every event of its accounts database itself, so a balance in memory hears of each change. */
const BALANCE_TTL_MS = 60_000;

async function startServices(options: BankOptions, { trust, broker, cache, calls, opened }: ServiceParts) {
  const { secrets, startLedger = startTransactions } = options;
  // One line a request: the gateway's. What the services have to say beyond that is a warning or more.
  const level = options.logger.level === 'info' ? 'warn' : options.logger.level;
  const logger = options.logger.child({}, { level });
  const databases = await prepareDatabases(options);
  const furtherShards = await prepareFurtherShards(options);
  const common = { broker, logger, clock: systemClock, newId };
  const sealing = (name: SealingService) => ({
    ...common,
    verifyToken: trust.verifier(name).verify,
    keyManagement: openKeyFile(secrets.keyFiles[name]),
  });
  const checks = options.validateResponses === undefined ? {} : { validateResponses: options.validateResponses };
  const confirming = options.strongAuthentication && { strongAuthentication: options.strongAuthentication };
  const note = <Started extends Service>(service: Started): Started => {
    opened.push(service);
    return service;
  };
  const [users, transactions, accounts, notifications] = await allOrFirstError([
    startUsers(
      {
        ...addressOf(databases.users),
        publicUrl: options.publicUrl,
        keyEncryptionKey: secrets.usersKey,
        cookieKeys: secrets.cookieKeys,
        ...(options.mailUrl !== undefined && { mailUrl: options.mailUrl }),
        ...(options.identityProvidersFile && { identityProvidersFile: options.identityProvidersFile }),
        ...checks,
      },
      { ...sealing('users'), calls, tokens: trust.minter('users') },
    ).then(note),
    startLedger(
      {
        shards: [databases.transactions, ...furtherShards].map(addressOf),
        internalJwks: trust.publicJwks,
        writers: WRITERS_DEFAULT,
        ...confirming,
      },
      { ...common, ...checks, calls, tokens: trust.minter('transactions') },
    ).then(note),
    startAccounts(
      {
        ...addressOf(databases.accounts),
        balanceTtlMs: BALANCE_TTL_MS,
        ...confirming,
        ...checks,
      },
      {
        ...common,
        cache,
        calls,
        tokens: trust.minter('accounts'),
        verifyToken: trust.verifier('accounts').verify,
      },
    ).then(note),
    startNotifications(
      { databaseUrl: databases.notifications.runtimeUrl, ownerUrl: databases.notifications.ownerUrl, ...checks },
      sealing('notifications'),
    ).then(note),
  ]);
  return { users, transactions, accounts, notifications };
}

/** Like `Promise.all`, but it waits for the others before it fails: what they opened can then be closed. */
async function allOrFirstError<Parts extends readonly unknown[]>(
  starting: readonly [...{ [Index in keyof Parts]: Promise<Parts[Index]> }],
): Promise<Parts> {
  await Promise.allSettled(starting);
  return (await Promise.all(starting)) as unknown as Parts;
}

interface DoorParts {
  readonly users: UsersService;
  readonly handlers: ReadonlyMap<ServiceName, Service>;
  readonly cache: Cache;
  readonly calls: ServiceCall;
  readonly tokens: InternalTokens;
  readonly denylist: Denylist;
}

function createDoor(options: BankOptions, parts: DoorParts) {
  const { cache, calls, tokens, denylist } = parts;
  const metrics = createMetrics({ service: 'gateway' });
  const accessTokens = accessTokenVerifier(options, parts.users);
  const health = inProcessHealth(() => [...parts.handlers.values()]);
  return (limits: Partial<GatewayLimits>, webClient?: BankOptions['webClient']): Promise<Gateway> =>
    createGateway({
      publicUrl: options.publicUrl,
      host: options.host,
      port: options.port,
      tls: options.tls,
      routes: bankRoutes,
      forward: inProcessForward(() => parts.handlers),
      calls,
      cache,
      accessTokens,
      denylist,
      internalTokens: tokens,
      resolveSession: resolveSessionThrough(calls, tokens),
      health,
      ...(webClient && { webClient }),
      securityContact: options.securityContact,
      limits,
      logger: options.logger,
      metrics,
      clock: systemClock,
    });
}

function accessTokenVerifier(options: BankOptions, users: UsersService) {
  const issuer = new URL(options.publicUrl).origin;
  return createAccessTokenVerifier({
    issuer,
    audience: `${issuer}/v1`,
    clock: systemClock,
    async jwks() {
      const { keys } = await users.jwks();
      return { keys: [...keys, ...(options.extraAccessKeys?.keys ?? [])] };
    },
  });
}
