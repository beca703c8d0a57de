import { setTimeout as sleep } from 'node:timers/promises';
import { ensureTopics, TOPICS } from '@florin/kafka';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { KAFKA_SERVERS, kafkaConnection } from '../../tools/stack/kafka.ts';
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

const WORKERS = 4;
const BEFORE_MS = 1_000;
const AFTER_MS = 3_000;
/** A cluster says after nine seconds that a broker is gone, and then everybody looks for the new leaders. */
const EVENTS_GO_ON = { timeout: 120_000, interval: 1_000 };
const TEST_MS = 300_000;

let stack: RunningStack;
let accounts: readonly Account[] = [];
let load: TransferLoad;
let clientOf: (login: string) => BankClient;

beforeAll(async () => {
  stack = await runningStack();
  clientOf = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa', 'sam']);
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 1);
  load = createTransferLoad(clientOf, accounts);
});

it('has every topic, kept as it should be by three brokers', async () => {
  const outcomes = await ensureTopics(kafkaConnection(stack, KAFKA_SERVERS));
  expect(outcomes).toEqual(TOPICS.map((topic) => ({ topic, outcome: 'right', remarks: [] })));
});

describe('one of three brokers', () => {
  it.each(KAFKA_SERVERS)(
    '%s is killed under load: events go on without it, nothing is lost',
    { timeout: TEST_MS },
    async (server) => {
      const before = load.acknowledged().length;
      const sending = load.start(WORKERS);
      await sleep(BEFORE_MS);
      stack.kill(server);
      await sleep(AFTER_MS);
      await sending.stop();
      try {
        await load.settle();
        expect(load.acknowledged().length - before).toBeGreaterThan(WORKERS);
        // What was paid has come through Kafka to the read model, with two brokers.
        for (const account of accounts) {
          await vi.waitFor(() => expectHistory(clientOf(account.owner), account, load.acknowledged()), EVENTS_GO_ON);
        }
      } finally {
        await stack.start(server);
      }
      await expectBooksToBalance(clientOf('sam'));
    },
  );
});
