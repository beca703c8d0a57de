import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { accountChanged } from '@florin/contracts';
import { kafkaBroker } from '@florin/kafka';
import { createLogger } from '@florin/observability';
import { systemClock } from '@florin/primitives';
import { openRedisCache } from '@florin/redis';
import { beforeAll, expect, it } from 'vitest';
import { kafkaConnection } from '../../tools/stack/kafka.ts';
import { redisOperatorUrl, redisUrl } from '../../tools/stack/stack-secrets.ts';
import { type BankClient, signInDemos } from '../bank-client.ts';
import {
  type Account,
  createTransferLoad,
  expectBooksToBalance,
  expectHistory,
  openAccounts,
  type TransferLoad,
} from '../transfer-load.ts';
import { startPageReads } from './page-readers.ts';
import { type RunningStack, runningStack } from './running-stack.ts';

const WORKERS = 4;
const READERS = 4;
const BEFORE_MS = 1_500;
const AWAY_MS = 3_000;
const AFTER_MS = 1_500;
/** Of reads beside a load on a machine that may be busy: half of what a client waits. A healthy one takes some milliseconds. */
const P99_MS_MAX = 5_000;
/** Some looks of Prometheus. */
const SEEN = { timeout: 30_000, interval: 500 };

let stack: RunningStack;
let accounts: readonly Account[] = [];
let load: TransferLoad;
let clients: (login: string) => BankClient;
/** Whoever is signed in at the moment: tokens last five minutes. */
const clientOf = (login: string): BankClient => clients(login);
const signInAll = async (): Promise<void> => {
  clients = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa', 'sam']);
};

beforeAll(async () => {
  stack = await runningStack();
  await signInAll();
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 2);
  load = createTransferLoad(clientOf, accounts);
});

async function warmReads(answer: string): Promise<number> {
  const query = encodeURIComponent(`sum(florin_warm_reads_total{answer="${answer}"})`);
  const found = await fetch(`http://127.0.0.1:${stack.ports.prometheus}/api/v1/query?query=${query}`);
  const { data } = (await found.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

const pageOf = ({ id, owner }: Account, query = '') =>
  clientOf(owner).get(`/v1/accounts/${id}/transactions?limit=25${query}`);

/** A gateway that could not reach Redis sends reads to the ledger for half a minute. */
const WARM = { timeout: 90_000, interval: 500 };
const TEST_MS_MAX = 240_000;

/** Looks again and again until the cache answers. */
async function expectToBeWarm(): Promise<void> {
  const before = await warmReads('hit');
  await expect
    .poll(async () => {
      for (const account of accounts) expect((await pageOf(account)).status).toBe(200);
      return warmReads('hit');
    }, WARM)
    .toBeGreaterThan(before);
}

/** Empties it while everybody is connected, as an operator would with `redis-cli`. */
async function flush(): Promise<void> {
  const { credentials } = kafkaConnection(stack);
  const { username, password, hostname, port } = new URL(redisOperatorUrl(stack.home, stack.ports));
  const socket = connect({ host: hostname, port: Number(port), ...credentials.current() });
  socket.write(`AUTH ${username} ${password}\r\nFLUSHALL\r\nQUIT\r\n`);
  expect(await text(socket)).toBe('+OK\r\n+OK\r\n+OK\r\n');
}

const signal = (name: 'SIGSTOP' | 'SIGCONT') => process.kill(stack.pid('redis'), name);

/** What happens to Redis, and how it is over. */
const HARMS: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
  ['is emptied, and once more', flush, flush],
  ['is killed and comes back empty', async () => stack.kill('redis'), () => stack.start('redis')],
  ['stands still and goes on with what it had', async () => signal('SIGSTOP'), async () => signal('SIGCONT')],
];

it.each(HARMS)(
  'Redis %s in the middle of a load: nobody is refused or shown what is not so',
  async (_, harm, mend) => {
    const before = load.acknowledged().length;
    const sending = load.start(WORKERS);
    const reading = startPageReads(clientOf, accounts, READERS);
    await sleep(BEFORE_MS);
    await harm();
    try {
      await sleep(AWAY_MS);
    } finally {
      await mend();
    }
    await sleep(AFTER_MS);
    await sending.stop();
    await reading.stop();
    await load.settle();
    expect(load.acknowledged().length - before).toBeGreaterThan(WORKERS);
    const sorted = reading.tookMs.toSorted((one, other) => one - other);
    expect(sorted.length).toBeGreaterThan(READERS * accounts.length);
    expect(sorted[Math.floor(sorted.length * 0.99)]).toBeLessThan(P99_MS_MAX);
    await expectToBeWarm();
    await signInAll();
    for (const account of accounts) await expectHistory(clientOf(account.owner), account, load.acknowledged());
    await expectBooksToBalance(clientOf('sam'));
  },
  TEST_MS_MAX,
);

it(
  'an old event that Kafka brings again changes neither the cache nor what people see',
  async () => {
    const [account, other] = accounts as [Account, Account];
    const { credentials, ...connection } = kafkaConnection(stack);
    const logger = createLogger({ service: 'test', level: 'silent' });
    const broker = kafkaBroker({ ...connection, credentials, instance: 'test', logger, clock: systemClock });
    const cache = await openRedisCache({ url: redisUrl(stack.home, stack.ports), credentials, logger });
    const kept = async () => (await cache.newest(`lines:${account.id}`))?.version;
    try {
      const version = Number((await clientOf(account.owner).get(`/v1/accounts/${account.id}/balance`)).body['version']);
      await expect
        .poll(async () => {
          await pageOf(account);
          return kept();
        }, WARM)
        .toBe(version);
      const old = { accountId: account.id, version: 1, currency: 'EUR', status: 'active', lines: [] };
      await broker.publish([
        {
          specversion: '1.0',
          id: `${account.id}:1`,
          source: 'transactions',
          type: accountChanged.topic,
          subject: account.id,
          time: new Date(0).toISOString(),
          datacontenttype: 'application/json',
          data: { ...old, postedMinor: '7', heldMinor: '0', overdraftMinor: '0', changedAt: new Date(0).toISOString() },
        },
      ]);
      // Behind it on the same key: once this is there, the old one was taken.
      const paid = await clientOf(account.owner).post('/v1/transfers', {
        fromAccountId: account.id,
        toAccountId: other.id,
        amount: { amount: '0.01', currency: 'EUR' },
        reference: 'behind the old one',
      });
      expect(paid.status).toBe(201);
      await expect.poll(kept, SEEN).toBeGreaterThan(version);
      const [warm, searched] = [await pageOf(account), await pageOf(account, '&minAmount=0')];
      expect(warm.body).toEqual(searched.body);
      const [newest] = warm.body['data'] as { reference: string }[];
      expect(newest?.reference).toBe('behind the old one');
    } finally {
      await cache.close();
      await broker.close();
    }
  },
  TEST_MS_MAX,
);
