import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const WORKERS = 8;
const BEFORE_MS = 2_000;
const LOOK_EVERY_MS = 20;
/** What the bank promises: it writes again within this after its database died. */
const AWAY_MS_MAX = 20_000;
/** Longer than a transfer waits for a commit that does not come. */
const NO_ANSWER_MS = 10_000;

let stack: RunningStack;
let accounts: readonly Account[] = [];
let load: TransferLoad;
let clients: (login: string) => BankClient;
const clientOf = (login: string): BankClient => clients(login);

beforeAll(async () => {
  stack = await runningStack({ isSynchronous: true });
  await signInAll();
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 2);
  load = createTransferLoad(clientOf, accounts);
}, 120_000);
afterAll(() => runningStack({ isSynchronous: false }));

describe('with a standby that every commit waits for', () => {
  it.each([
    ['killed', (name: 'postgres' | 'postgres2') => stack.kill(name)],
    ['ended in order', () => {}],
  ])('the primary is %s under load, the standby leads: nothing is lost, nothing twice', async (_, end) => {
    const [old, before] = [stack.leader(), load.acknowledged().length];
    const sending = load.start(WORKERS);
    await sleep(BEFORE_MS);
    end(old);
    const diedAtMs = performance.now();
    await stack.failOver();
    const known = load.acknowledged().length;
    await expect
      .poll(() => load.acknowledged().length, { timeout: 60_000, interval: LOOK_EVERY_MS })
      .toBeGreaterThan(known);
    const awayMs = performance.now() - diedAtMs;
    console.log(`transfers were acknowledged again ${(awayMs / 1_000).toFixed(2)} s after the primary went`);
    expect(stack.leader()).not.toBe(old);
    // Of the one that led a standby is made, while the bank goes on.
    await stack.start(old);
    await sleep(BEFORE_MS);
    await sending.stop();
    await signInAll();
    await load.settle();
    expect(load.acknowledged().length - before).toBeGreaterThan(WORKERS * 10);
    for (const account of accounts) await expectHistory(clientOf(account.owner), account, load.acknowledged());
    await expectBooksToBalance(clientOf('sam'));
    expect(awayMs).toBeLessThan(AWAY_MS_MAX);
  });

  it('nothing is acknowledged while there is none, and everything is when it is back', async () => {
    const follower = stack.leader() === 'postgres' ? 'postgres2' : 'postgres';
    const [from, to] = accounts as [Account, Account];
    const [path, key] = ['/v1/transfers', randomUUID()];
    const body = { fromAccountId: from.id, toAccountId: to.id, amount: { amount: '1.00', currency: 'EUR' } };
    await stack.stop(follower);
    try {
      const answer = await Promise.race([clientOf(from.owner).post(path, body, key), sleep(NO_ANSWER_MS)]);
      expect(answer?.status ?? 503).toBeGreaterThanOrEqual(502);
      // Nor is one let to lead that does not follow.
      await expect(stack.failOver()).rejects.toThrow('the standby does not follow');
      expect(stack.leader()).not.toBe(follower);
    } finally {
      await stack.start(follower);
    }
    const again = async () => (await clientOf(from.owner).post(path, body, key)).status;
    await expect.poll(again, { timeout: 30_000, interval: 500 }).toBe(201);
  });
});

async function signInAll(): Promise<void> {
  clients = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa', 'sam']);
}
