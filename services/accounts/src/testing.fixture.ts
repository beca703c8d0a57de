import { randomUUID } from 'node:crypto';
import { type Cache, memoryCache } from '@florin/cache';
import { type AccountChanged, accountChanged, type Role } from '@florin/contracts';
import { httpCalls, type Listener, listen, type Service } from '@florin/http';
import { type CloudEvent, type MemoryBroker, memoryBroker } from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { newId, systemClock } from '@florin/primitives';
import {
  createInternalTokenMinter,
  createInternalTokenVerifier,
  type InternalTokens,
  newInternalKey,
  type Principal,
} from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import type { AccountsConfig } from './config.ts';
import { type EventStream, readEvents } from './event-stream.fixture.ts';
import { type SandboxDirectory, startSandboxDirectory } from './sandbox-directory.fixture.ts';
import { type SandboxLedger, startSandboxLedger } from './sandbox-ledger.fixture.ts';
import { accountsMigrations, startAccounts } from './service.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly headers: Headers;
  /** Empty when the answer is no JSON. */
  readonly body: Record<string, unknown>;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The accounts service with a real database, a ledger in memory behind real HTTP, and a broker. */
export interface TestBank {
  readonly opened: TestDatabase;
  readonly ledger: SandboxLedger;
  readonly directory: SandboxDirectory;
  readonly broker: MemoryBroker;
  readonly cache: Cache;
  readonly service: Service;
  readonly published: CloudEvent[];
  call(principal: Principal, method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** Opens a stream of account changes, or answers how that was refused. */
  listen(principal: Principal, lastEventId?: string): Promise<EventStream>;
  open(principal: Principal, productCode?: string): Promise<Record<string, unknown> & { id: string; iban: string }>;
  /** Delivers what the ledger did since the last time, as its relay would. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

export function person(...roles: Role[]): Principal {
  return { subject: randomUUID(), kind: 'person', roles, name: 'Test Person' };
}

export type TestBankOptions = Pick<AccountsConfig, 'balanceTtlMs' | 'streams'>;

export async function startTestBank(options: TestBankOptions = {}): Promise<TestBank> {
  const opened = await testDatabase(accountsMigrations);
  const clock = systemClock;
  const { gatewayKey, accountsKey, usersKey, publicJwks } = await makeKeys();
  const gateway = createInternalTokenMinter({ privateJwk: gatewayKey.privateJwk, issuer: 'gateway', clock });
  const ledger = await startSandboxLedger(createInternalTokenVerifier({ publicJwks, audience: 'transactions', clock }));
  const directory = await startSandboxDirectory(createInternalTokenVerifier({ publicJwks, audience: 'users', clock }));
  const [broker, cache] = [memoryBroker(), memoryCache({ clock })];
  const published: CloudEvent[] = [];
  broker.subscribe({
    group: 'witness',
    topics: ['accounts.account-status-changed.v1', 'audit.action.v1'],
    async handle(events) {
      published.push(...events);
    },
  });
  const calls = httpCalls({ transactions: ledger.url, users: directory.url });
  const service = await startAccounts(
    {
      databaseUrl: opened.url,
      ownerUrl: opened.ownerUrl,
      balanceTtlMs: 1_000,
      ...options,
      validateResponses: true,
    },
    {
      calls,
      tokens: createInternalTokenMinter({ privateJwk: accountsKey.privateJwk, issuer: 'accounts', clock }),
      verifyToken: createInternalTokenVerifier({ publicJwks, audience: 'accounts', clock }).verify,
      ...{ broker, cache },
      logger: createLogger({ service: 'accounts', level: 'silent' }),
      clock,
      newId,
    },
  );
  const listener = await listen({ host: '127.0.0.1', port: 0, handle: service.handle });
  const users = createInternalTokenMinter({ privateJwk: usersKey.privateJwk, issuer: 'users', clock });
  const send = sender(listener, ({ kind }) => (kind === 'service' ? users : gateway));
  const call = caller(send);
  return {
    opened,
    ledger,
    directory,
    broker,
    cache,
    service,
    published,
    call,
    async listen(principal, lastEventId) {
      const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
      return readEvents(await send(principal, 'GET', '/v1/stream', { headers }), lastEventId);
    },
    async open(principal, productCode = 'current-eur') {
      const headers = { 'idempotency-key': randomUUID() };
      const answer = await call(principal, 'POST', '/v1/accounts', { body: { productCode }, headers });
      if (answer.status !== 201) throw new Error(`opening answered ${answer.status} ${answer.text}`);
      return answer.body as Record<string, unknown> & { id: string; iban: string };
    },
    deliver: () => broker.publish(ledger.takeChanges().map(changeEvent)),
    async close() {
      await listener.close();
      await service.close();
      await broker.close();
      await calls.close();
      await ledger.close();
      await directory.close();
      await opened.close();
    },
  };
}

async function makeKeys() {
  const gatewayKey = await newInternalKey('gateway');
  const accountsKey = await newInternalKey('accounts');
  const usersKey = await newInternalKey('users');
  const publicJwks = { keys: [gatewayKey, accountsKey, usersKey].map(({ publicJwk }) => publicJwk) };
  return { gatewayKey, accountsKey, usersKey, publicJwks };
}

type Send = (principal: Principal, method: string, path: string, options: RequestOptions) => Promise<Response>;

function sender(listener: Listener, minterOf: (principal: Principal) => InternalTokens): Send {
  return async (principal, method, path, options) => {
    const token = await minterOf(principal).mint(principal, 'accounts');
    return fetch(`http://127.0.0.1:${listener.port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  };
}

function caller(send: Send): TestBank['call'] {
  return async (principal, method, path, options = {}) => {
    const response = await send(principal, method, path, options);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const isJson = text !== '' && response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, text, bytes, headers: response.headers, body: isJson ? JSON.parse(text) : {} };
  };
}

/** An `account-changed` event as the ledger's relay publishes it. */
export function changeEvent(data: AccountChanged): CloudEvent {
  return {
    specversion: '1.0',
    id: `${data.accountId}:${data.version}`,
    source: 'transactions',
    type: accountChanged.topic,
    subject: data.accountId,
    time: new Date(0).toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}
