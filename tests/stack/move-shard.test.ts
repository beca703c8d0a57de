import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@florin/observability';
import { openDatabase, type Statement, sql, urlAs, withClient } from '@florin/postgres';
import { bucketOf, Fault } from '@florin/primitives';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEMO_BUSINESSES, DEMO_CUSTOMERS, DEMO_PEOPLE } from '../../tools/demo-people.ts';
import { loadSecrets } from '../../tools/secrets.ts';
import { pidOf } from '../../tools/stack/daemon.ts';
import { freeBasePort } from '../../tools/stack/free-stack-ports.ts';
import { moveShard } from '../../tools/stack/move-shard.ts';
import { postgresUrl, type StackOptions } from '../../tools/stack/plan.ts';
import type { AnyPostgres } from '../../tools/stack/postgres.ts';
import { statusOf, stopServer, stopStack } from '../../tools/stack/servers.ts';
import { noteShards, shardsOf } from '../../tools/stack/shards.ts';
import { type Stack, startStack } from '../../tools/stack/stack.ts';
import { trustAuthority } from '../../tools/trusting-fetch.ts';
import { type BankClient, signInDemos } from '../bank-client.ts';
import { RAISED_LIMITS } from '../bank-process.ts';
import {
  type Account,
  createTransferLoad,
  expectBooksToBalance,
  expectHistory,
  openAccounts,
  type TransferLoad,
} from '../transfer-load.ts';
import { followRunbook } from './runbook.ts';
import { askPrometheus } from './running-stack.ts';

const SERVER = 'postgresShard1';
const MOVED = 'florin_transactions_1';
const RUNBOOK = 'Give a shard a server of its own';
const WORKERS = 4;
const BEFORE_MS = 2_000;
const LOOK_EVERY_MS = 20;
/** Acknowledged transfers that show that money moves again, within shards and across. */
const MANY = 40;
const SOON = { timeout: 60_000, interval: 100 };
/** object_not_in_prerequisite_state, with which PostgreSQL refuses a connection to such a database. */
const NOT_CONNECTABLE = '55000';
const TIMEOUT_MS = 420_000;
/** Whose home is in which half of the buckets is chance: enough of them to have some in both. */
const CUSTOMERS = [...DEMO_PEOPLE, ...DEMO_CUSTOMERS, ...DEMO_BUSINESSES]
  .filter(({ roles }) => roles.includes('customer'))
  .map(({ login }) => login);

const folder = mkdtempSync(join(tmpdir(), 'florin-shard-'));
const home = join(folder, '.florin', 'stack');
let options: StackOptions;
let stack: Stack;
let accounts: readonly Account[];
let load: TransferLoad;
let clients: (login: string) => BankClient;
const clientOf = (login: string): BankClient => clients(login);
const shardOf = ({ id }: Account): number => (bucketOf(id) < 128 ? 0 : 1);

beforeAll(async () => {
  // PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  mkdirSync(home, { recursive: true, mode: 0o711 });
  options = {
    ...{ home, basePort: await freeBasePort(), isEmpty: false, environment: RAISED_LIMITS },
    logger: createLogger({ service: 'stack', level: 'warn' }),
    progress: () => {},
  };
  // Commits wait for the standby, as they must not on a server that has none.
  stack = await startStack({ ...options, shards: 2, isSynchronous: true });
  trustAuthority(join(home, 'certs', 'ca.pem'));
  accounts = await openInBoth();
  await signInAll();
  load = createTransferLoad(clientOf, accounts);
}, TIMEOUT_MS);

afterAll(async () => {
  await stopStack(home);
  rmSync(folder, { recursive: true, force: true });
}, TIMEOUT_MS);

it(
  'a copy that can not replay the rest is given up, and the bank works as before',
  async () => {
    const frozen: number[] = [];
    const progress = (name: string): void => {
      const pid = name === 'ledgers' ? pidOf(home, SERVER) : undefined;
      if (pid !== undefined && frozen.push(pid)) process.kill(pid, 'SIGSTOP');
    };
    await expect(moveShard({ ...options, progress }, 1)).rejects.toThrow(Fault);
    expect(frozen).toHaveLength(1);
    expect(shardsOf(home)).toEqual({ count: 2, own: [] });
    expect(statusOf(home).map(({ name }) => name)).not.toContain(SERVER);
    await transfer();
    await expectAllWell();
  },
  TIMEOUT_MS,
);

it(
  'a shard moves under load: nothing is lost, nothing happens twice, and its books go on where it is now',
  async () => {
    const sending = load.start(WORKERS);
    await sleep(BEFORE_MS);
    const pause = watchPauses();
    const said = await followRunbook({ ...stack, home }, RUNBOOK);
    const before = new Set(load.acknowledged());
    await expect.poll(() => load.acknowledged().length, SOON).toBeGreaterThan(before.size + MANY);
    console.log(`${said}the longest time without a transfer was ${(pause.stop() / 1_000).toFixed(1)} s`);
    await sending.stop();
    await expectAllWell();

    const after = load.acknowledged().filter((one) => !before.has(one));
    const there = after.filter(({ from, to }) => shardOf(from) === 1 && shardOf(to) === 1);
    const ids = there.map(({ transferId }) => transferId);
    expect(ids.length).toBeGreaterThan(0);
    const journals = sql`SELECT id FROM journal WHERE id = ANY(${ids}::uuid[])`;
    expect(await ask(SERVER, MOVED, journals)).toHaveLength(ids.length);
    expect(await ask(SERVER, 'postgres', sql`SELECT datname FROM pg_database WHERE datname ~ '^florin'`)).toEqual([
      { datname: MOVED },
    ]);
    await expectNobodyGetsIn();
    expect(await ask(stack.leader(), 'postgres', sql`SELECT slot_name FROM pg_replication_slots`)).toEqual([
      { slot_name: 'standby' },
    ]);
  },
  TIMEOUT_MS,
);

it('the new server is seen by what looks at the stack, and backups say that they do not hold it', async () => {
  expect(statusOf(home).filter(({ pid }) => pid === undefined)).toMatchObject([{ name: 'kafka2' }, { name: 'kafka3' }]);
  const up = async () => (await askPrometheus(stack.ports.prometheus, 'pg_up')).map(({ value }) => value);
  await expect.poll(up, SOON).toEqual([1, 1, 1]);
  await expect(followRunbook({ ...stack, home }, 'Back up')).rejects.toThrow('shard 1 has a server of its own');
  expect(await followRunbook({ ...stack, home }, RUNBOOK)).toContain(`is on ${SERVER}`);
});

it(
  'a move that was killed before it was noted is finished by the same command, and nothing starts before',
  async () => {
    // As it is between the last step and the note of it.
    noteShards(home, { count: 2, own: [], moving: 1 });
    await Promise.all((['transactions', 'transactions2'] as const).map((ledger) => stopServer(home, ledger)));
    await expect(startStack(options)).rejects.toThrow('npm run stack -- move-shard 1');
    await expect(followRunbook({ ...stack, home }, 'Fail over')).rejects.toThrow('npm run stack -- move-shard 1');
    await followRunbook({ ...stack, home }, RUNBOOK);
    await transfer();
    await expectAllWell();
    await expectNobodyGetsIn();
  },
  TIMEOUT_MS,
);

it(
  'the first server fails over as before, and all starts again as it is now',
  async () => {
    await followRunbook({ ...stack, home }, 'Fail over');
    await expectNobodyGetsIn();
    await stopStack(home);
    stack = await startStack(options);
    await transfer();
    await expectAllWell();
  },
  TIMEOUT_MS,
);

async function signInAll(): Promise<void> {
  clients = await signInDemos(stack.publicUrl, home, [...new Set(accounts.map(({ owner }) => owner)), 'tessa', 'sam']);
}

/** Two accounts in each shard. */
async function openInBoth(): Promise<readonly Account[]> {
  const opened: Account[] = [];
  for (const owner of CUSTOMERS) {
    // One after the other: a password takes a processor for a moment.
    clients = await signInDemos(stack.publicUrl, home, [owner, 'tessa']);
    const [account] = (await openAccounts(clientOf, [owner], 1)) as [Account];
    if (opened.filter((one) => shardOf(one) === shardOf(account)).length < 2) opened.push(account);
    if (opened.length === 4) return opened;
  }
  throw new Error('all customers are at home in one shard');
}

/** Customers send each other money for a moment. */
async function transfer(): Promise<void> {
  await signInAll();
  const before = load.acknowledged().length;
  const sending = load.start(WORKERS);
  await expect.poll(() => load.acknowledged().length, SOON).toBeGreaterThan(before + MANY);
  await sending.stop();
}

async function expectAllWell(): Promise<void> {
  await signInAll();
  await load.settle();
  const crossing = load.acknowledged().filter(({ from, to }) => shardOf(from) !== shardOf(to));
  expect(crossing.length).toBeGreaterThan(0);
  for (const account of accounts) await expectHistory(clientOf(account.owner), account, load.acknowledged());
  await expectBooksToBalance(clientOf('sam'));
}

/** Neither the ledger nor the superuser gets into what the shard left behind. */
async function expectNobodyGetsIn(): Promise<void> {
  const { databasePasswords } = await loadSecrets(home);
  const asSuperuser = postgresUrl(home, stack.ports, stack.leader());
  const asLedger = urlAs(asSuperuser, MOVED, 'florin_transactions_1', databasePasswords.transactions.runtime);
  for (const url of [Object.assign(new URL(asSuperuser), { pathname: `/${MOVED}` }).href, asLedger]) {
    const answer = withClient(url, (client) => client.query('SELECT FROM account'));
    await expect(answer).rejects.toMatchObject({ cause: { code: NOT_CONNECTABLE } });
  }
}

function ask(server: AnyPostgres, name: string, statement: Statement): Promise<readonly unknown[]> {
  const url = Object.assign(new URL(postgresUrl(home, stack.ports, server)), { pathname: `/${name}` }).href;
  const database = openDatabase({ url, applicationName: 'test', poolSize: 1 });
  return database.query(statement).finally(() => database.close());
}

/** How long it takes at most until one more transfer is acknowledged. */
function watchPauses(): { stop(): number } {
  let [known, sinceMs, longestMs] = [load.acknowledged().length, performance.now(), 0];
  const timer = setInterval(() => {
    const [now, nowMs] = [load.acknowledged().length, performance.now()];
    longestMs = Math.max(longestMs, nowMs - sinceMs);
    if (now > known) [known, sinceMs] = [now, nowMs];
  }, LOOK_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return longestMs;
    },
  };
}
