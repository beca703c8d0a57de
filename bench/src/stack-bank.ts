import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@florin/observability';
import { type FetchLike, signIn } from '../../tools/sign-in.ts';
import { pidOf } from '../../tools/stack/daemon.ts';
import { freeBasePort } from '../../tools/stack/free-stack-ports.ts';
import { postgresUrl, type StackOptions } from '../../tools/stack/plan.ts';
import { type StackServer, stopStack } from '../../tools/stack/servers.ts';
import { type Stack, startStack } from '../../tools/stack/stack.ts';
import { trustAuthority } from '../../tools/trusting-fetch.ts';
import { RAISED_LIMITS } from './bank.ts';
import type { Target } from './connection.ts';
import type { EventLag } from './event-lag.ts';
import type { Caller } from './traffic.ts';

/** Whom the stack is filled with. They sign up and in like anybody, so there are fewer than in a bank that trusts our key. */
export const STACK_SIZE = { customers: 100, accountsPerCustomer: 10 };

/** As much as a teller takes in alone. */
const DEPOSIT = { amount: '5000.00', currency: 'EUR' };
const AT_ONCE = 8;
const FIRST_ACCOUNT_LOOKS_MAX = 200;
const FIRST_ACCOUNT_LOOK_EVERY_MS = 100;
/** The bank on real servers, under a benchmark. */
export interface StackBank {
  /** Where the load goes: NGINX. */
  readonly target: Target;
  /** The address of the server that leads, of PostgreSQL. */
  serverUrl(): string;
  /** The callers of the run, signed in just now: their tokens live five minutes, longer than a leg. */
  callers(): Promise<Caller[]>;
  /** As Prometheus has seen it. */
  eventLag(): Promise<EventLag>;
  readonly stack: Stack;
  /** From then on every commit waits for the standby. */
  waitForStandby(): Promise<void>;
  /** SIGKILL. */
  kill(name: StackServer): void;
  stop(): Promise<void>;
}

/** Starts a stack of its own, with demo people for the counter, and fills it through NGINX. */
export async function startStackBank(folder: string): Promise<StackBank> {
  const home = join(folder, 'stack');
  await stopStack(home);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const options: StackOptions = {
    home,
    basePort: await freeBasePort(),
    isEmpty: false,
    environment: RAISED_LIMITS,
    logger: createLogger({ service: 'stack', level: 'warn' }),
    progress: () => {},
  };
  const stack = await startStack(options);
  try {
    const ca = join(home, 'certs', 'ca.pem');
    trustAuthority(ca);
    const customers = await fill(stack.publicUrl, demoPassword(home, 'tessa'));
    return {
      target: { port: stack.ports.edge, ca: readFileSync(ca, 'utf8') },
      serverUrl: () => postgresUrl(home, stack.ports, stack.leader()),
      callers: () =>
        someAtATime(customers, async ({ login, password, accountIds }) => ({
          token: await tokenOf(stack.publicUrl, login, password),
          accountIds,
        })),
      eventLag: () => readEventLag(stack.ports.prometheus),
      stack,
      async waitForStandby() {
        // Everything runs already and stays as it is, but for this.
        await startStack({ ...options, isSynchronous: true });
      },
      kill(name) {
        const pid = pidOf(home, name);
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      },
      async stop() {
        await stopStack(home);
      },
    };
  } catch (error) {
    await stopStack(home);
    throw error;
  }
}

interface Customer {
  readonly login: string;
  readonly password: string;
  readonly accountIds: readonly string[];
}

/** Signs everybody up, opens their accounts and pays in, as people and a teller do it. */
async function fill(publicUrl: string, tellersPassword: string): Promise<Customer[]> {
  const teller = await tokenOf(publicUrl, 'tessa', tellersPassword);
  const wanted = Array.from({ length: STACK_SIZE.customers }, (_, index) => index + 1);
  return someAtATime(wanted, async (number) => {
    const [login, password] = [`customer-${number}@bench.example`, randomBytes(18).toString('base64url')];
    await post(publicUrl, '/v1/users', undefined, { email: login, password, name: `Customer ${number}` });
    const token = await tokenOf(publicUrl, login, password);
    const accountIds = [await firstAccount(publicUrl, token)];
    while (accountIds.length < STACK_SIZE.accountsPerCustomer) {
      const { id } = await post(publicUrl, '/v1/accounts', token, { productCode: 'current-eur' });
      accountIds.push(id);
    }
    for (const accountId of accountIds) await post(publicUrl, '/v1/deposits', teller, { accountId, amount: DEPOSIT });
    return { login, password, accountIds };
  });
}

/** The account that comes with signing up. */
async function firstAccount(publicUrl: string, token: string): Promise<string> {
  for (let looks = 0; looks < FIRST_ACCOUNT_LOOKS_MAX; looks += 1) {
    const answer = await fetch(`${publicUrl}/v1/accounts`, { headers: { authorization: `Bearer ${token}` } });
    const { data = [] } = (await answer.json()) as { data?: { id: string; status: string }[] };
    const [first] = data;
    if (first?.status === 'active') return first.id;
    await sleep(FIRST_ACCOUNT_LOOK_EVERY_MS);
  }
  throw new Error('a first account did not come');
}

async function tokenOf(publicUrl: string, login: string, password: string): Promise<string> {
  const { accessToken } = await signIn({ baseUrl: publicUrl, fetch: fetch as FetchLike, login, password });
  return accessToken;
}

async function post(publicUrl: string, path: string, token: string | undefined, body: object): Promise<{ id: string }> {
  const answer = await fetch(`${publicUrl}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** Does something for each, in their order, a bounded number at a time. */
async function someAtATime<Item, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const done: Value[] = [];
  let next = 0;
  const workers = Array.from({ length: AT_ONCE }, async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      done[index] = await work(items[index] as Item);
    }
  });
  await Promise.all(workers);
  return done;
}

function demoPassword(home: string, login: string): string {
  const users: Record<string, { password: string }> = JSON.parse(readFileSync(join(home, 'demo-users.json'), 'utf8'));
  return users[login]?.password ?? '';
}

async function readEventLag(prometheusPort: number): Promise<EventLag> {
  const answer = await fetch(`http://127.0.0.1:${prometheusPort}/api/v1/query?query=florin_event_lag_seconds_bucket`);
  const { data } = (await answer.json()) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  const groups = new Map<string, Map<number, number>>();
  for (const { metric, value } of data.result) {
    const series = `${metric['instance']} ${metric['group']}`;
    const bound = metric['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(metric['le']);
    groups.set(series, (groups.get(series) ?? new Map<number, number>()).set(bound, Number(value[1])));
  }
  return groups;
}
