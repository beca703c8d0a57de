import { randomInt } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePortPair } from '../../tools/free-ports.ts';
import { type BankClient, signInDemos } from '../bank-client.ts';
import { type BankProcess, killPostgres, startBankProcess } from '../bank-process.ts';
import {
  type Account,
  createTransferLoad,
  expectBooksToBalance,
  expectHistory,
  openAccounts,
  type TransferLoad,
} from '../transfer-load.ts';

const ROUNDS = 10;
const WORKERS = 16;
const LOAD_MS_MIN = 300;
const LOAD_MS_MAX = 1_500;

const home = mkdtempSync(join(tmpdir(), 'florin-chaos-'));
let accounts: readonly Account[] = [];
let load: TransferLoad;
let clients: (login: string) => BankClient;
/** Whoever is signed in at the moment: each start of the bank signs everybody in again. */
const clientOf = (login: string): BankClient => clients(login);
let bank: BankProcess;
let port: number;

beforeAll(async () => {
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(home, 0o711);
  port = await freePortPair();
  bank = await startBankProcess(home, port);
  await signInAll();
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 3);
  load = createTransferLoad(clientOf, accounts);
});

afterAll(async () => {
  await bank?.stop();
  rmSync(home, { recursive: true, force: true });
});

it('keeps every acknowledged transfer exactly once through ten kills at random moments', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const victim = round % 2 === 0 ? 'node' : 'postgres';
    const sending = load.start(WORKERS);
    await sleep(randomInt(LOAD_MS_MIN, LOAD_MS_MAX));
    if (victim === 'node') {
      await bank.kill();
    } else {
      killPostgres(home);
      // The process outlives its database for a moment and refuses; then it is stopped the polite way.
      await sleep(randomInt(0, 500));
      await bank.stop();
    }
    await sending.stop();
    bank = await startBankProcess(home, port);
    await signInAll();
    await load.settle();
  }
  const acknowledged = load.acknowledged();
  console.log(`${acknowledged.length} transfers acknowledged over ${ROUNDS} kills`);
  expect(acknowledged.length).toBeGreaterThan(ROUNDS * 10);
  await expectBooksToBalance(clientOf('sam'));
  for (const account of accounts) await expectHistory(clientOf(account.owner), account, acknowledged);
});

async function signInAll(): Promise<void> {
  clients = await signInDemos(bank.url, home, ['alice', 'bob', 'tessa', 'sam']);
}
