import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Role, type RouteContract, type ServiceName, setUserRoles } from '@florin/contracts';
import { createLogger } from '@florin/observability';
import { withClient } from '@florin/postgres';
import { startTestServer } from '@florin/testing';
import { expect } from 'vitest';
import { type Bank, startBank } from '../../tools/bank.ts';
import { inProcessFetch } from '../../tools/in-process-fetch.ts';
import { loadSecrets } from '../../tools/secrets.ts';
import { signIn } from '../../tools/sign-in.ts';
import { type EventStream, openEventStream } from './event-stream.ts';
import { openWebBrowser, type WebBrowser } from './web-browser.ts';

const PUBLIC_URL = 'http://localhost:8080';
/** Of everyone who signs up in a test bank. */
export const PASSWORD = 'lantern maple harbour';
/** An id that nothing has. */
const NOBODY = '00000000-0000-7000-8000-000000000000';
const RAISED = { ratePerSecond: 10_000, burst: 10_000 };

/** It takes a tenth of a second on a machine that has nothing else to do. */
const FIRST_ACCOUNT_WITHIN_MS = 20_000;

type FirstAccount = { readonly id: string; readonly iban: string; readonly status: string };

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A whole bank on a database server of its own, driven through its gateway, that can be stopped and started again. */
export interface StartedBank {
  call(token: string, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer>;
  /** Asks a service itself for an operation, with no token that is good for anything. */
  askService(contract: RouteContract): Promise<Answer>;
  /** Opens the public port, if it is not, and on it a stream of account changes. */
  listen(token: string, lastEventId?: string): Promise<EventStream>;
  /** Signs someone up; answers their id. */
  signUp(email: string, name: string): Promise<string>;
  /** The account that came with signing up, once it is there. */
  firstAccount(token: string): Promise<{ readonly id: string; readonly iban: string }>;
  /** A token of a real sign-in: authorisation code, PKCE, the issuer's own interaction. */
  signIn(email: string): Promise<string>;
  /** A browser on the bank, with no cookies yet. */
  openBrowser(userAgent: string): WebBrowser;
  setRoles(userId: string, roles: readonly Role[]): Promise<void>;
  /** Does something to the database of a service that no service would: what a bad day leaves behind. */
  harm(service: ServiceName, statement: string, values: readonly string[]): Promise<void>;
  /** An orderly stop and a new start on the same data, as after an upgrade. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestBank(): Promise<StartedBank> {
  const home = await mkdtemp(join(tmpdir(), 'florin-e2e-'));
  const server = await startTestServer();
  const start = () => startOn(home, server.url);
  let bank = await start();
  let opened: ReturnType<Bank['listen']> | undefined;
  const ask = (...request: Parameters<ReturnType<typeof inProcessFetch>>) => inProcessFetch(bank.gateway)(...request);

  const call: StartedBank['call'] = async (token, method, path, body) => {
    const answer = await ask(`${PUBLIC_URL}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
  };

  return {
    call,
    askService: (contract) => askService(bank, contract),
    async listen(token, lastEventId) {
      opened ??= bank.listen();
      const { port } = await opened;
      return openEventStream(`http://127.0.0.1:${port}/v1/stream`, {
        authorization: `Bearer ${token}`,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      });
    },
    async signUp(email, name) {
      const answer = await call('', 'POST', '/v1/users', { email, password: PASSWORD, name });
      if (answer.status !== 201) throw new Error(`signing up answered ${answer.status}`);
      return String(answer.body['id']);
    },
    async firstAccount(token) {
      const found = async () => (await call(token, 'GET', '/v1/accounts')).body['data'] as FirstAccount[];
      await expect.poll(found, { timeout: FIRST_ACCOUNT_WITHIN_MS }).toMatchObject([{ status: 'active' }]);
      const [account] = await found();
      return { id: account?.id ?? '', iban: account?.iban ?? '' };
    },
    async signIn(email) {
      return (await signIn({ baseUrl: PUBLIC_URL, fetch: ask, login: email, password: PASSWORD })).accessToken;
    },
    openBrowser: (userAgent) => openWebBrowser(PUBLIC_URL, ask, userAgent),
    async setRoles(userId, roles) {
      const token = await bank.tokens.mint({ subject: 'service:gateway', kind: 'service', roles: [] }, 'users');
      const path = setUserRoles.path.replace('{id}', userId);
      const answer = await bank.calls.call({ service: 'users', method: 'PUT', path, token, body: { roles } });
      if (answer.status !== 200) throw new Error(`setting roles answered ${answer.status}`);
    },
    harm: (service, statement, values) => harm(server.url, service, statement, values),
    async restart() {
      await bank.close();
      opened = undefined;
      bank = await start();
    },
    async close() {
      await bank.close();
      await server.close();
      await rm(home, { recursive: true });
    },
  };
}

async function harm(
  serverUrl: string,
  service: ServiceName,
  statement: string,
  values: readonly string[],
): Promise<void> {
  const url = new URL(serverUrl);
  url.pathname = `/florin_${service}`;
  await withClient(url.href, (client) => client.query(statement, [...values]));
}

async function startOn(home: string, postgresUrl: string): Promise<Bank> {
  return startBank({
    postgresUrl,
    secrets: await loadSecrets(home),
    publicUrl: PUBLIC_URL,
    host: '127.0.0.1',
    port: 0,
    limits: { address: RAISED, caller: RAISED, signIn: RAISED },
    logger: createLogger({ service: 'florin', level: 'silent' }),
    validateResponses: true,
  });
}

async function askService({ calls }: Bank, { service, method, path }: RouteContract): Promise<Answer> {
  const named = path.replaceAll(/\{\w+\}/g, NOBODY);
  const { status, body } = await calls.call({ service, method, path: named, token: 'none' });
  return { status, body: (body ?? {}) as Record<string, unknown> };
}
