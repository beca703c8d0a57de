import { randomUUID } from 'node:crypto';
import { startAccounts } from '@florin/accounts';
import { accountChanged, type Role } from '@florin/contracts';
import { httpCalls, type Listener, listen, type Service, type ServiceCall } from '@florin/http';
import { type CloudEvent, memoryBroker, messagingMigrations } from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { bucketOfCustomer, newId, systemClock } from '@florin/primitives';
import {
  createInternalTokenMinter,
  createInternalTokenVerifier,
  type InternalTokens,
  newInternalKey,
  type Principal,
} from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { startTransactions } from '@florin/transactions';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly id: string; readonly iban: string };
}

/** What happens to the steps of sagas on their way to the ledger. */
export interface Line {
  /** Called with each step and where it is on its way; throw, or wait, to lose it there. */
  on(operation: string, where: 'before' | 'after'): Promise<void> | void;
}

type OwnService = 'accounts' | 'transactions';

/** Half of the customers are at home in the first of two shards, half in the second. */
export function customer(shard: 0 | 1): Principal {
  for (;;) {
    const subject = randomUUID();
    if (bucketOfCustomer(subject) < 128 === (shard === 0)) return person(subject, 'customer');
  }
}

export function person(subject: string, ...roles: Role[]): Principal {
  return { subject, kind: 'person', roles, name: 'Test Person' };
}

/** The accounts service and a ledger of two shards, each behind HTTP and on databases of its own; each can be restarted. */
export async function startClosingBank() {
  const databases = await Promise.all([1, 2, 3].map(() => testDatabase([messagingMigrations])));
  const [accountsDatabase, ...shardDatabases] = databases as [TestDatabase, ...TestDatabase[]];
  const keys = { gateway: await newInternalKey('gateway'), accounts: await newInternalKey('accounts') };
  const publicJwks = { keys: [keys.gateway.publicJwk, keys.accounts.publicJwk] };
  const minter = (issuer: keyof typeof keys) =>
    createInternalTokenMinter({ privateJwk: keys[issuer].privateJwk, issuer, clock: systemClock });
  const gateway = minter('gateway');
  const published: CloudEvent[] = [];
  const logger = createLogger({ service: 'test', level: 'silent' });
  const line: Line = { on: () => {} };
  const ports = { logger, clock: systemClock, newId };
  const ledgerBroker = memoryBroker();

  const openLedger = async () =>
    listening(
      await startTransactions(
        {
          shards: shardDatabases.map(({ url, ownerUrl }) => ({ databaseUrl: url, ownerUrl })),
          internalJwks: { keys: publicJwks.keys.map((key) => ({ ...key })) },
          writers: 2,
        },
        { ...ports, broker: ledgerBroker, validateResponses: true },
      ),
    );
  let ledger = await openLedger();

  const openAccounts = async () => {
    // Of its own, because nobody can subscribe to one a second time.
    const broker = memoryBroker();
    broker.subscribe({
      group: 'witness',
      topics: ['accounts.account-status-changed.v1', 'audit.action.v1'],
      async handle(events) {
        published.push(...events);
      },
    });
    const calls = through(line, httpCalls({ transactions: `http://127.0.0.1:${ledger.listener.port}` }));
    const opened = await listening(
      await startAccounts(
        { databaseUrl: accountsDatabase.url, ownerUrl: accountsDatabase.ownerUrl, validateResponses: true },
        {
          ...ports,
          broker,
          calls,
          tokens: minter('accounts'),
          verifyToken: createInternalTokenVerifier({ publicJwks, audience: 'accounts', clock: systemClock }).verify,
        },
      ),
    );
    return {
      ...opened,
      broker,
      async close() {
        await opened.close();
        await calls.close();
        await broker.close();
      },
    };
  };
  let accounts = await openAccounts();
  ledgerBroker.subscribe({
    group: 'read-model',
    topics: [accountChanged.topic],
    handle: (events) => accounts.broker.publish(events),
  });

  const call = (service: OwnService, who: Principal, method: string, path: string, options: CallOptions = {}) => {
    const { port } = (service === 'accounts' ? accounts : ledger).listener;
    return request(`http://127.0.0.1:${port}${path}`, gateway, { service, who, method, ...options });
  };
  const asAccounts = (method: string, path: string, body?: object) =>
    request(`http://127.0.0.1:${ledger.listener.port}${path}`, minter('accounts'), {
      service: 'transactions',
      who: { subject: 'service:accounts', kind: 'service', roles: [] },
      method,
      body,
    });
  const tessa = person('tessa', 'teller');

  return {
    line,
    published,
    accountsDatabase: accountsDatabase.database,
    shardDatabases: shardDatabases.map(({ database }) => database),
    call,
    /** Opens an account with money in it: `amount` as on the wire. */
    async open(who: Principal, amount = '0', productCode = 'current-eur') {
      const opened = await call('accounts', who, 'POST', '/v1/accounts', { body: { productCode } });
      if (opened.status !== 201) throw new Error(`not opened: ${opened.text}`);
      const { id, iban } = opened.body;
      if (amount !== '0') await this.deposit(id, amount);
      return { id, iban };
    },
    async deposit(accountId: string, amount: string) {
      const body = { accountId, amount: { amount, currency: 'EUR' } };
      const deposited = await call('transactions', tessa, 'POST', '/v1/deposits', { body });
      if (deposited.status !== 201) throw new Error(`not deposited: ${deposited.text}`);
    },
    closeInto(who: Principal, id: string, restTo: string, key: string = randomUUID()) {
      return call('accounts', who, 'POST', `/v1/accounts/${id}/close`, { body: { restTo }, key });
    },
    async statusOf(who: Principal, id: string) {
      return (await call('accounts', who, 'GET', `/v1/accounts/${id}`)).body['status'];
    },
    /** Sets money of an account aside. */
    async hold(accountId: string, amount: string) {
      const body = { accountId, amount: { amount, currency: 'EUR' }, reference: 'hotel' };
      const held = await asAccounts('POST', '/internal/holds', body);
      if (held.status !== 201) throw new Error(`not held: ${held.text}`);
    },
    /** `status posted held` as the ledger has it. */
    async inLedger(id: string): Promise<string> {
      const { body } = await asAccounts('GET', `/internal/accounts/${id}`);
      return `${body['status']} ${body['postedMinor']} ${body['heldMinor']}`;
    },
    /** Closes the accounts service and opens it again on its database; `meanwhile` lets go of what keeps it. */
    async restartAccounts(meanwhile: () => void = () => {}) {
      const closing = accounts.close();
      meanwhile();
      await closing;
      accounts = await openAccounts();
    },
    /** The same with the ledger, which then has another address, and so with the accounts service too. */
    async restartBoth() {
      await accounts.close();
      await ledger.close();
      ledger = await openLedger();
      accounts = await openAccounts();
    },
    /** What the ledger's own proof finds, and what is left between its shards. */
    async proof() {
      const sam = person('sam', 'supervisor');
      const path = '/v1/ledger/reconciliations';
      const { body } = await call('transactions', sam, 'POST', path, { body: { mode: 'full' } });
      const books = await call('transactions', person('amir', 'auditor'), 'GET', '/v1/ledger/trial-balance');
      const lines = books.body['lines'] as { account: string; currency: string; posted: { amount: string } }[];
      const of = (name: string) => lines.find(({ account }) => account === name)?.posted.amount ?? '0.00';
      return { balanced: body['balanced'], findings: body['findings'], clearing: of('clearing') };
    },
    async close() {
      await accounts.close();
      await ledger.close();
      await ledgerBroker.close();
      await Promise.all(databases.map((database) => database.close()));
    },
  };
}

export type ClosingBank = Awaited<ReturnType<typeof startClosingBank>>;

async function listening(service: Service) {
  const listener: Listener = await listen({ host: '127.0.0.1', port: 0, handle: service.handle });
  return {
    listener,
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

interface CallOptions {
  readonly body?: unknown;
  readonly key?: string;
}

async function request(
  url: string,
  gateway: InternalTokens,
  {
    service,
    who,
    method,
    body,
    key = randomUUID(),
  }: CallOptions & { service: OwnService; who: Principal; method: string },
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${await gateway.mint(who, service)}`,
      'idempotency-key': key,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text || '{}') };
}
