import { startAccounts } from '@florin/accounts';
import { memoryCache } from '@florin/cache';
import { accountChanged } from '@florin/contracts';
import { httpCalls, inProcessCalls, type Listener, listen, type Service, type ServiceCall } from '@florin/http';
import {
  type CloudEvent,
  memoryBroker,
  messagingMigrations,
  type ReceivedEvent,
  type Subscription,
} from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { newId, systemClock } from '@florin/primitives';
import { createInternalTokenMinter, createInternalTokenVerifier, newInternalKey } from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { startTransactions } from '@florin/transactions';

/** What happens to the steps of sagas on their way to the ledger. */
export interface Line {
  /** Called with each step and where it is on its way; throw, or wait, to lose it there. */
  on(operation: string, where: 'before' | 'after'): Promise<void> | void;
}

interface Parts {
  readonly line: Line;
  readonly published: CloudEvent[];
  readonly trust: Awaited<ReturnType<typeof makeTrust>>;
  readonly databases: { readonly accounts: TestDatabase; readonly shards: readonly TestDatabase[] };
  readonly ports: {
    readonly logger: ReturnType<typeof createLogger>;
    readonly clock: () => number;
    readonly newId: typeof newId;
  };
}

/** The accounts service and a ledger of two shards, each behind HTTP and on databases of its own; each can be restarted. */
export async function startTwoServices() {
  const [own, first, second] = await Promise.all([1, 2, 3].map(() => testDatabase([messagingMigrations])));
  const logger = createLogger({ service: 'test', level: 'silent' });
  const parts: Parts = {
    line: { on: () => {} },
    published: [],
    trust: await makeTrust(),
    databases: { accounts: own as TestDatabase, shards: [first as TestDatabase, second as TestDatabase] },
    ports: { logger, clock: systemClock, newId },
  };
  const readModel = (events: readonly ReceivedEvent[]) => accounts.broker.publish(events);
  let ledger = await openLedger(parts, readModel);
  let accounts = await openAccounts(parts, ledger.port);
  return {
    line: parts.line,
    published: parts.published,
    databases: parts.databases,
    minter: parts.trust.minter,
    portOf: (service: 'accounts' | 'transactions') => (service === 'accounts' ? accounts : ledger).port,
    /** Closes the accounts service and opens it again on its database; `meanwhile` lets go of what keeps it. */
    async restartAccounts(meanwhile: () => void = () => {}) {
      const closing = accounts.close();
      meanwhile();
      await closing;
      accounts = await openAccounts(parts, ledger.port);
    },
    /** The same with the ledger, which then has another address, and so with the accounts service too. */
    async restartBoth() {
      await accounts.close();
      await ledger.close();
      ledger = await openLedger(parts, readModel);
      accounts = await openAccounts(parts, ledger.port);
    },
    async close() {
      await accounts.close();
      await ledger.close();
      const { accounts: own, shards } = parts.databases;
      await Promise.all([own, ...shards].map((database) => database.close()));
    },
  };
}

async function makeTrust() {
  const keys = {
    gateway: await newInternalKey('gateway'),
    accounts: await newInternalKey('accounts'),
    transactions: await newInternalKey('transactions'),
  };
  return {
    publicJwks: { keys: [keys.gateway.publicJwk, keys.accounts.publicJwk] },
    minter: (issuer: keyof typeof keys) =>
      createInternalTokenMinter({ privateJwk: keys[issuer].privateJwk, issuer, clock: systemClock }),
  };
}

async function openLedger({ databases, trust, ports }: Parts, readModel: Subscription['handle']) {
  // Of its own, because nobody can subscribe to one a second time.
  const broker = memoryBroker();
  broker.subscribe({ group: 'read-model', topics: [accountChanged.topic], handle: readModel });
  const shards = databases.shards.map(({ url, ownerUrl }) => ({ databaseUrl: url, ownerUrl }));
  const internalJwks = { keys: trust.publicJwks.keys.map((key) => ({ ...key })) };
  const config = { shards, internalJwks, writers: 2 };
  const opened = await listening(
    await startTransactions(config, {
      ...ports,
      broker,
      calls: inProcessCalls(() => new Map()),
      tokens: trust.minter('transactions'),
      validateResponses: true,
    }),
  );
  return {
    ...opened,
    async close() {
      await opened.close();
      await broker.close();
    },
  };
}

async function openAccounts({ databases, trust, ports, line, published }: Parts, ledgerPort: number) {
  const broker = memoryBroker();
  broker.subscribe({
    group: 'witness',
    topics: ['accounts.account-status-changed.v1', 'audit.action.v1'],
    async handle(events) {
      published.push(...events);
    },
  });
  const calls = through(line, httpCalls({ transactions: `http://127.0.0.1:${ledgerPort}` }));
  const { url, ownerUrl } = databases.accounts;
  const { publicJwks } = trust;
  const service = await startAccounts(
    { databaseUrl: url, ownerUrl, validateResponses: true },
    {
      ...ports,
      broker,
      cache: memoryCache({ clock: systemClock }),
      calls,
      tokens: trust.minter('accounts'),
      verifyToken: createInternalTokenVerifier({ publicJwks, audience: 'accounts', clock: systemClock }).verify,
    },
  );
  const opened = await listening(service);
  return {
    ...opened,
    broker,
    async close() {
      await opened.close();
      await calls.close();
      await broker.close();
    },
  };
}

async function listening(service: Service) {
  const listener: Listener = await listen({ host: '127.0.0.1', port: 0, handle: service.handle });
  return {
    port: listener.port,
    async close() {
      await listener.close();
      await service.drain();
      await service.close();
    },
  };
}

/** The same calls, with the steps of sagas at the mercy of a line. */
function through(line: Line, calls: ServiceCall): ServiceCall {
  return {
    async call(request) {
      const isStep = request.path === '/internal/saga-commands';
      const { operation = '' } = isStep ? (request.body as { readonly operation?: string }) : {};
      if (isStep) await line.on(operation, 'before');
      const answer = await calls.call(request);
      if (isStep) await line.on(operation, 'after');
      return answer;
    },
    close: () => calls.close(),
  };
}
