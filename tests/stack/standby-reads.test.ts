import { openDatabase, type Statement, sql } from '@florin/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresUrl } from '../../tools/stack/plan.ts';
import type { StackServer } from '../../tools/stack/servers.ts';
import { type BankClient, signInDemos } from '../bank-client.ts';
import { type Account, openAccounts } from '../transfer-load.ts';
import { type RunningStack, runningStack } from './running-stack.ts';

const ROUNDS = 25;
/** Some looks of Prometheus. */
const SEEN = { timeout: 30_000, interval: 500 };

let stack: RunningStack;
let clientOf: (login: string) => BankClient;
let alice: Account;
let bob: Account;
let follower: Extract<StackServer, 'postgres' | 'postgres2'>;

beforeAll(async () => {
  stack = await runningStack();
  clientOf = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa', 'sam']);
  [alice, bob] = (await openAccounts(clientOf, ['alice', 'bob'], 1)) as [Account, Account];
  follower = stack.leader() === 'postgres' ? 'postgres2' : 'postgres';
});
afterAll(() => stack.start(follower));

/** Reads of one service that were answered by a server, as Prometheus has seen them. */
async function reads(job: string, from: 'standby' | 'primary'): Promise<number> {
  const query = encodeURIComponent(`sum(florin_reads_total{job="${job}",from="${from}"})`);
  const answer = await fetch(`http://127.0.0.1:${stack.ports.prometheus}/api/v1/query?query=${query}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

/** Pays, and looks at once: who paid at their history, staff at the books, which have no memory of who wrote what. */
async function payAndLook(): Promise<void> {
  const { status, body } = await clientOf('alice').post('/v1/transfers', {
    fromAccountId: alice.id,
    toAccountId: bob.id,
    amount: { amount: '0.01', currency: 'EUR' },
    reference: 'read at once',
  });
  expect(status).toBe(201);
  const [own, books] = await Promise.all([
    // A search: the first page without one may come from the cache.
    clientOf('alice').get(`/v1/accounts/${alice.id}/transactions?limit=5&direction=out`),
    clientOf('sam').get(`/v1/ledger/journals?accountId=${alice.id}&limit=5`),
  ]);
  expect([own.status, books.status]).toEqual([200, 200]);
  expect(JSON.stringify(own.body)).toContain(body['id']);
  expect(JSON.stringify(books.body)).toContain(body['id']);
}

async function onFollower(statement: Statement): Promise<void> {
  const url = postgresUrl(stack.home, stack.ports, follower);
  const database = openDatabase({ url, applicationName: 'test', poolSize: 1 });
  await database.query(statement).finally(() => database.close());
}

describe('what was just paid is in every list', () => {
  it('while the standby follows, and it is the standby that answers', async () => {
    const before = { accounts: await reads('accounts', 'standby'), books: await reads('transactions', 'standby') };
    for (let round = 0; round < ROUNDS; round += 1) await payAndLook();
    await expect.poll(() => reads('accounts', 'standby'), SEEN).toBeGreaterThan(before.accounts + ROUNDS);
    await expect.poll(() => reads('transactions', 'standby'), SEEN).toBeGreaterThan(before.books + ROUNDS / 2);
  });

  it('while the standby replays nothing', async () => {
    await onFollower(sql`SELECT pg_wal_replay_pause()`);
    try {
      for (let round = 0; round < ROUNDS; round += 1) await payAndLook();
    } finally {
      await onFollower(sql`SELECT pg_wal_replay_resume()`);
    }
  });

  it('when the standby is killed in between', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round === 5) stack.kill(follower);
      await payAndLook();
    }
    await stack.start(follower);
    const before = await reads('transactions', 'standby');
    await expect
      .poll(async () => {
        await payAndLook();
        return reads('transactions', 'standby');
      }, SEEN)
      .toBeGreaterThan(before);
  });
});
