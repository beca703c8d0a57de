import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '@florin/postgres';
import { beforeAll, expect, it } from 'vitest';
import { type BankClient, signInDemos } from '../bank-client.ts';
import {
  type Account,
  type Attempt,
  createTransferLoad,
  expectBooksToBalance,
  expectHistory,
  openAccounts,
} from '../transfer-load.ts';
import { inDatabase } from './in-database.ts';
import { followRunbook } from './runbook.ts';
import { type RunningStack, runningStack } from './running-stack.ts';

const WORKERS = 4;
const LOAD_MS = 2_000;
const RESTORED_MS_MAX = 500_000;

let stack: RunningStack;
let accounts: readonly Account[] = [];
let clients: (login: string) => BankClient;
const clientOf = (login: string): BankClient => clients(login);

beforeAll(async () => {
  stack = await runningStack();
  await signInAll();
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 2);
}, 120_000);

it(
  'what was done until a moment is there, what came after is nowhere, and the bank goes on from there',
  async () => {
    const before = [...(await transfer())];
    await expect(restore(new Date().toISOString())).rejects.toThrow('there is no backup from before that time');
    const load = createTransferLoad(clientOf, accounts);
    const sending = load.start(WORKERS);
    await followRunbook(stack, 'Back up');
    // The log goes on in the other server.
    await followRunbook(stack, 'Fail over');
    await sending.stop();
    await signInAll();
    await load.settle();
    before.push(...load.acknowledged());
    before.push(...(await transfer()));
    // What is published until the moment is read after it: its effect is undone, and has to come again.
    await stack.stop('accounts');
    before.push(...(await transfer()));
    const moment = new Date().toISOString();
    await stack.start('accounts');

    const undone = await transfer();
    for (const account of accounts) await expectHistory(clientOf(account.owner), account, [...before, ...undone]);
    await slip();
    const said = await restore(moment);

    expect(said).toMatch(/undone: .*\d+ transactions\.account-changed\.v1/);
    expect((await clientOf('alice').get('/v1/me')).status).toBe(401);
    await signInAll();
    for (const account of accounts) await expectHistory(clientOf(account.owner), account, before);
    await expectBooksToBalance(clientOf('sam'));
    await expectNowhere(undone);

    const anew = await transfer();
    // A client that does not know what became of it gets it done, as if for the first time.
    const [first] = undone as [Attempt];
    expect(await again(first)).toEqual({ status: 201, isReplay: false });
    for (const account of accounts) await expectHistory(clientOf(account.owner), account, [...before, ...anew, first]);
    await expectBooksToBalance(clientOf('sam'));
    await expectSameVersions();
    const gone = new Date(Date.parse(moment) + 1).toISOString();
    await expect(restore(gone)).rejects.toThrow('what happened then was undone');
  },
  RESTORED_MS_MAX,
);

function restore(moment: string): Promise<string> {
  return followRunbook(stack, 'Restore to a moment', { TO: moment });
}

/** Customers send each other money for a moment; answers what was acknowledged, which is all of it. */
async function transfer(): Promise<readonly Attempt[]> {
  const load = createTransferLoad(clientOf, accounts);
  const sending = load.start(WORKERS);
  await sleep(LOAD_MS);
  await sending.stop();
  await load.settle();
  expect(load.acknowledged().length).toBeGreaterThan(WORKERS);
  return load.acknowledged();
}

async function again({ key, from, to, cents, reference }: Attempt) {
  const amount = { amount: (cents / 100).toFixed(2), currency: 'EUR' };
  const body = { fromAccountId: from.id, toAccountId: to.id, amount, reference };
  const { status, isReplay } = await clientOf(from.owner).post('/v1/transfers', body, key);
  return { status, isReplay };
}

/** A disaster: a slip of the hand in the books and in what is read of them. */
async function slip(): Promise<void> {
  await inDatabase(stack, 'florin_transactions', sql`TRUNCATE posting, journal`);
  await inDatabase(stack, 'florin_accounts', sql`DELETE FROM history`);
}

/** In no book, read model or inbox. */
async function expectNowhere(undone: readonly Attempt[]): Promise<void> {
  const [{ from }] = undone as [Attempt];
  const ids = undone.map(({ transferId }) => transferId);
  const found = await Promise.all([
    inDatabase(stack, 'florin_transactions', sql`SELECT id FROM journal WHERE id = ANY(${ids}::uuid[])`),
    inDatabase(stack, 'florin_accounts', sql`SELECT journal_id FROM history WHERE journal_id = ANY(${ids}::uuid[])`),
    inDatabase(stack, 'florin_notifications', sql`SELECT id FROM notice WHERE event_id = ANY(${ids}::text[])`),
    inDatabase(stack, 'florin_notifications', sql`SELECT event_id FROM inbox WHERE event_id = ANY(${ids}::text[])`),
  ]);
  expect(found).toEqual([[], [], [], []]);
  expect((await clientOf(from.owner).get(`/v1/transfers/${ids[0]}`)).status).toBe(404);
}

/** The read model is at the same version of every customer account as the ledger. */
async function expectSameVersions(): Promise<void> {
  const [ledger, readModel] = await Promise.all([
    inDatabase(stack, 'florin_transactions', sql`SELECT id, version FROM account ORDER BY id`),
    inDatabase(stack, 'florin_accounts', sql`SELECT account_id AS id, version FROM balance ORDER BY account_id`),
  ]);
  expect(ledger.length).toBeGreaterThan(accounts.length);
  expect(readModel).toEqual(ledger);
}

async function signInAll(): Promise<void> {
  clients = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa', 'sam']);
}
