import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cache, CacheKey } from '@florin/cache';
import { issueCertificate } from '@florin/certificates';
import { peerName } from '@florin/http';
import { ensureTopics } from '@florin/kafka';
import { createLogger } from '@florin/observability';
import { openRedisCache } from '@florin/redis';
import { Admin } from '@platformatic/kafka';
import { Agent, request } from 'undici';
import { beforeAll, describe, expect, it } from 'vitest';
import { logFileOf } from '../../tools/stack/daemon.ts';
import { addressesOf, kafkaConnection } from '../../tools/stack/kafka.ts';
import { install } from '../../tools/stack/packages.ts';
import { type BankProcessSpec, PROCESSES } from '../../tools/stack/processes.ts';
import { redisUrl } from '../../tools/stack/stack-secrets.ts';
import { type BankClient, signInDemos } from '../bank-client.ts';
import {
  type Account,
  createTransferLoad,
  expectBooksToBalance,
  expectHistory,
  openAccounts,
  type TransferLoad,
} from '../transfer-load.ts';
import { type RunningStack, runningStack } from './running-stack.ts';

type ProcessName = BankProcessSpec['name'];

const WORKERS = 4;
const LOAD_MS = 3_000;
const HOUR_S = 3_600;
const DAY_MS = 24 * 3_600_000;
/** A process that starts on a busy machine, and says what it has to say. */
const SOON = { timeout: 90_000, interval: 500 };
const LONG = { timeout: 300_000 };
/** More than 64 MB, and for longer than anybody looks. */
const FILL_CHARACTERS = 32_768;
const FILLED_MAX = 20_000;
const REFUSED_MS = 20;
const FILLED_FOR_MS = 180_000;
const FAKETIME = { program: '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', package: 'libfaketime' };

let stack: RunningStack;
let accounts: readonly Account[] = [];
let load: TransferLoad;
let clients: (login: string) => BankClient;
/** Whoever is signed in at the moment: tokens last five minutes. */
const clientOf = (login: string): BankClient => clients(login);

beforeAll(async () => {
  stack = await runningStack();
  await signInAll();
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 1);
  load = createTransferLoad(clientOf, accounts);
});

/** What is amiss with a process that is started anew, what it says of it, and whether it can work all the same. */
interface RoughDay {
  readonly what: string;
  readonly name: ProcessName;
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  readonly says: RegExp;
  readonly isReady: boolean;
}

const ROUGH_DAYS: readonly RoughDay[] = [
  {
    what: 'a wrong password for PostgreSQL',
    name: 'accounts',
    environment: async () => ({ FLORIN_ACCOUNTS_DATABASE_URL: withoutPassword(settingOf('accounts', 'DATABASE_URL')) }),
    says: /password authentication failed/,
    isReady: false,
  },
  {
    what: 'a wrong password for Redis',
    name: 'accounts',
    environment: async () => ({ FLORIN_REDIS_URL: withoutPassword(settingOf('accounts', 'REDIS_URL')) }),
    says: /the cache is away.*WRONGPASS|WRONGPASS.*the cache is away/,
    isReady: true,
  },
  {
    what: 'a certificate that has expired',
    name: 'notifications',
    environment: expiredCertificate,
    says: /expired/,
    isReady: false,
  },
  {
    what: 'a clock that is an hour ahead',
    name: 'transactions2',
    environment: anHourAhead,
    says: /the clock of this machine is not that of its database/,
    isReady: false,
  },
];

describe('a process with', () => {
  it.each(ROUGH_DAYS)('$what says so, harms nothing, and works again once it is right', LONG, async (day) => {
    const { name, says, isReady } = day;
    const logStart = statSync(logFileOf(stack.home, name)).size;
    const rough = await runningStack({ environment: await day.environment() });
    await stack.stop(name);
    const starting = rough.start(name).catch(() => {});
    try {
      await expect.poll(() => logOf(name, logStart), SOON).toMatch(says);
      await expect.poll(() => readiness(name), SOON).toBe(isReady);
      await sendSome();
    } finally {
      await stack.stop(name);
      await starting;
      await stack.start(name);
    }
    await expectAllWell();
  });
});

it('a missing topic is said, holds up nothing but its events, and is made by a command', LONG, async () => {
  const topic = 'transactions.account-changed.v1';
  const connection = kafkaConnection(stack);
  const logStarts = LEDGERS.map((name) => statSync(logFileOf(stack.home, name)).size);
  // All of it has been read, so what goes with the topic is nobody's loss.
  await expectAllWell();
  await deleteTopic(topic);
  const said = () => LEDGERS.map((name, index) => logOf(name, logStarts[index] ?? 0)).join('\n');
  await sendSome();
  await expect.poll(said, SOON).toMatch(/a topic is missing: npm run topics makes it/);
  await expect.poll(() => Promise.all(LEDGERS.map(readiness)), SOON).toContain(false);
  expect(await ensureTopics(connection)).toContainEqual({ topic, outcome: 'made', remarks: [] });
  await expect.poll(() => Promise.all(LEDGERS.map(readiness)), SOON).toEqual([true, true]);
  await expectAllWell();
});

it('Redis is full: it refuses and lets go of nothing, that is said, and money moves', LONG, async () => {
  const { credentials } = kafkaConnection(stack);
  const logger = createLogger({ service: 'test', level: 'silent' });
  const cache = await openRedisCache({ url: redisUrl(stack.home, stack.ports), credentials, logger });
  const logStarts = GATEWAYS.map((name) => statSync(logFileOf(stack.home, name)).size);
  try {
    const filling = keepFull(cache);
    await filling.isFull;
    await sendSome();
    const filled = await filling.end();
    const said = GATEWAYS.map((name, index) => logOf(name, logStarts[index] ?? 0));
    expect(said.join('\n')).toMatch(/OOM command not allowed/);
    await expectAllWell();
    for (const key of filled) expect(await cache.get(key), key).toBeDefined();
    for (const key of filled) await cache.delete(key);
    await cache.set('lines:room', 'is there again', 1_000);
  } finally {
    await cache.close();
  }
  await expectAllWell();
});

/** Fills it, first with what is large and then with what is small, and goes on for as long as there is ever room. */
function keepFull(cache: Cache) {
  const filled: CacheKey[] = [];
  const full = Promise.withResolvers<void>();
  let characters = FILL_CHARACTERS;
  let isOver = false;
  async function run(): Promise<void> {
    while (!isOver && filled.length < FILLED_MAX) {
      const key = `lines:fill-${filled.length}` as const;
      try {
        await cache.set(key, 'x'.repeat(characters), FILLED_FOR_MS);
        filled.push(key);
      } catch {
        if (characters === 1) full.resolve();
        characters = 1;
        await sleep(REFUSED_MS);
      }
    }
    full.reject(new Error('the cache has no bound'));
  }
  const ended = run();
  return {
    isFull: full.promise,
    /** Answers what went in, once the cache is asked again by who was refused. */
    async end(): Promise<readonly CacheKey[]> {
      isOver = true;
      await ended;
      await sleep(1_000);
      return filled;
    },
  };
}

const LEDGERS = ['transactions', 'transactions2'] as const;
const GATEWAYS = ['gateway', 'gateway2'] as const;

async function deleteTopic(topic: string): Promise<void> {
  const { credentials } = kafkaConnection(stack);
  const admin = new Admin({
    clientId: 'rough-days',
    bootstrapBrokers: [...addressesOf(stack.ports, ['kafka'])],
    tls: credentials.current(),
  });
  try {
    await admin.deleteTopics({ topics: [topic] });
  } finally {
    await admin.close();
  }
}

/** Money moves, or whoever sends it is told to come back. */
async function sendSome(): Promise<void> {
  const before = load.acknowledged().length;
  const sending = load.start(WORKERS);
  await sleep(LOAD_MS);
  await sending.stop();
  expect(load.acknowledged().length).toBeGreaterThan(before);
}

async function expectAllWell(): Promise<void> {
  await signInAll();
  await load.settle();
  for (const account of accounts) await expectHistory(clientOf(account.owner), account, load.acknowledged());
  await expectBooksToBalance(clientOf('sam'));
}

/** What a process of the stack is started with, as it would be found in its environment now. */
function settingOf(name: ProcessName, ending: string): string {
  const pairs = readFileSync(`/proc/${stack.pid(name)}/environ`, 'utf8').split('\0');
  const found = pairs.find((pair) => pair.split('=', 1)[0]?.endsWith(ending));
  if (found === undefined) throw new Error(`${name} has no setting that ends with ${ending}`);
  return found.slice(found.indexOf('=') + 1);
}

function withoutPassword(url: string): string {
  const changed = new URL(url);
  changed.password = 'wrong';
  return changed.href;
}

async function expiredCertificate(): Promise<Readonly<Record<string, string>>> {
  const pem = (name: string) => readFileSync(join(stack.certs, `${name}.pem`), 'utf8');
  const authority = { certificate: pem('ca'), key: pem('ca-key') };
  const untilMs = Date.now() - DAY_MS;
  const { certificate, key } = await issueCertificate(authority, {
    commonName: 'notifications',
    names: [peerName('notifications')],
    purposes: ['server', 'client'],
    fromMs: untilMs - DAY_MS,
    untilMs,
  });
  const files = { certificate: join(stack.home, 'expired.pem'), key: join(stack.home, 'expired-key.pem') };
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, key, { mode: 0o600 });
  return { FLORIN_PEER_CERTIFICATE_FILE: files.certificate, FLORIN_PEER_KEY_FILE: files.key };
}

async function anHourAhead(): Promise<Readonly<Record<string, string>>> {
  install([FAKETIME]);
  return { LD_PRELOAD: FAKETIME.program, FAKETIME: `+${HOUR_S}s`, DONT_FAKE_MONOTONIC: '1' };
}

function logOf(name: ProcessName, from: number): string {
  return readFileSync(logFileOf(stack.home, name)).subarray(from).toString('utf8');
}

/** False for one that says that it is not, for one that does not answer, and for one whose certificate nobody takes. */
async function readiness(name: ProcessName): Promise<boolean> {
  const program = PROCESSES.find((one) => one.name === name)?.program ?? 'gateway';
  const ca = readFileSync(join(stack.certs, 'ca.pem'), 'utf8');
  const dispatcher = new Agent({ connect: { ca, servername: peerName(program) } });
  try {
    const url = `https://127.0.0.1:${stack.ports[name] + 1}/health/ready`;
    const { statusCode, body } = await request(url, { dispatcher, headersTimeout: 5_000 });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  } finally {
    await dispatcher.destroy();
  }
}

async function signInAll(): Promise<void> {
  clients = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa', 'sam']);
}
