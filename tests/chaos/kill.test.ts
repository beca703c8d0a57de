import { randomInt, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePortPair } from '../../tools/free-ports.ts';
import { type BankClient, signInDemo } from '../bank-client.ts';
import { type BankProcess, killPostgres, startBankProcess } from '../bank-process.ts';

const ROUNDS = 10;
const WORKERS = 16;
const LOAD_MS_MIN = 300;
const LOAD_MS_MAX = 1_500;
const OPENING_CENTS = 1_000_000;

interface Account {
  readonly id: string;
  readonly owner: string;
}

/** A transfer that somebody asked for, and what they know about it. */
interface Attempt {
  readonly key: string;
  readonly from: Account;
  readonly to: Account;
  readonly cents: number;
  readonly reference: string;
  state: 'acknowledged' | 'unsure';
  transferId: string;
}

const home = mkdtempSync(join(tmpdir(), 'florin-chaos-'));
const accounts: Account[] = [];
const attempts: Attempt[] = [];
let clients: Record<string, BankClient> = {};
let bank: BankProcess;
let port: number;

beforeAll(async () => {
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(home, 0o711);
  port = await freePortPair();
  bank = await startBankProcess(home, port);
  await signInAll();
  for (const owner of ['alice', 'bob']) {
    for (let index = 0; index < 3; index += 1) {
      const opened = await clientOf(owner).post('/v1/accounts', { productCode: 'current-eur' });
      expect(opened.status).toBe(201);
      const id = String(opened.body['id']);
      // In two: as much as a teller pays in alone.
      const amount = { amount: (OPENING_CENTS / 200).toFixed(2), currency: 'EUR' };
      for (const _ of ['half', 'half']) {
        expect((await clientOf('tessa').post('/v1/deposits', { accountId: id, amount })).status).toBe(201);
      }
      accounts.push({ id, owner });
    }
  }
});

afterAll(async () => {
  await bank?.stop();
  rmSync(home, { recursive: true, force: true });
});

it('keeps every acknowledged transfer exactly once through ten kills at random moments', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const victim = round % 2 === 0 ? 'node' : 'postgres';
    const load = runLoad();
    await sleep(randomInt(LOAD_MS_MIN, LOAD_MS_MAX));
    if (victim === 'node') {
      await bank.kill();
    } else {
      killPostgres(home);
      // The process outlives its database for a moment and refuses; then it is stopped the polite way.
      await sleep(randomInt(0, 500));
      await bank.stop();
    }
    await load.stop();
    bank = await startBankProcess(home, port);
    await signInAll();
    await settleUnsure();
  }
  const acknowledged = attempts.filter((attempt) => attempt.state === 'acknowledged');
  console.log(`${acknowledged.length} transfers acknowledged over ${ROUNDS} kills`);
  expect(acknowledged.length).toBeGreaterThan(ROUNDS * 10);
  expect(attempts.filter((attempt) => attempt.state === 'unsure')).toEqual([]);
  await expectBooksToBalance();
  for (const account of accounts) await expectHistory(account, acknowledged);
});

function clientOf(login: string): BankClient {
  const client = clients[login];
  if (client === undefined) throw new Error(`${login} is not signed in`);
  return client;
}

async function signInAll(): Promise<void> {
  const logins = ['alice', 'bob', 'tessa', 'sam'];
  const signedIn = await Promise.all(
    logins.map(async (login) => [login, await signInDemo(bank.url, home, login)] as const),
  );
  clients = Object.fromEntries(signedIn);
}

/** Sends transfers until it is told to stop; every attempt is noted before it is sent, as a careful client does. */
function runLoad(): { stop(): Promise<void> } {
  let isStopped = false;
  const workers = Array.from({ length: WORKERS }, async () => {
    while (!isStopped) {
      const from = accounts[randomInt(accounts.length)] as Account;
      const to = accounts[randomInt(accounts.length)] as Account;
      if (from.id === to.id) continue;
      const key = randomUUID();
      const attempt: Attempt = {
        key,
        from,
        to,
        cents: randomInt(1, 100),
        reference: `chaos ${key}`,
        state: 'unsure',
        transferId: '',
      };
      attempts.push(attempt);
      if ((await send(attempt)) === 0) await sleep(5);
    }
  });
  return {
    async stop() {
      isStopped = true;
      await Promise.all(workers);
    },
  };
}

/** Sends an attempt once; answers the status, 0 for none. */
async function send(attempt: Attempt): Promise<number> {
  const answer = await clientOf(attempt.from.owner).post(
    '/v1/transfers',
    {
      fromAccountId: attempt.from.id,
      toAccountId: attempt.to.id,
      amount: { amount: (attempt.cents / 100).toFixed(2), currency: 'EUR' },
      reference: attempt.reference,
    },
    attempt.key,
  );
  if (answer.status === 201) {
    const transferId = String(answer.body['id']);
    if (attempt.state === 'acknowledged') expect(transferId).toBe(attempt.transferId);
    attempt.state = 'acknowledged';
    attempt.transferId = transferId;
  } else if (answer.status !== 0) {
    // Nothing but "come back with the same key" is expected: there is money enough and nothing is frozen.
    expect([409, 503]).toContain(answer.status);
  }
  return answer.status;
}

/** Whoever does not know asks again with the same key until there is an answer. */
async function settleUnsure(): Promise<void> {
  for (const attempt of attempts.filter((each) => each.state === 'unsure')) {
    for (let tries = 0; tries < 20 && attempt.state === 'unsure'; tries += 1) {
      if ((await send(attempt)) !== 201) await sleep(100);
    }
  }
}

async function expectBooksToBalance(): Promise<void> {
  const proof = await clientOf('sam').post('/v1/ledger/reconciliations', { mode: 'full' });
  expect(proof.body).toMatchObject({ balanced: true, findings: [] });
}

/** The history in the read model holds each acknowledged transfer once and nothing else, and its balance agrees. */
async function expectHistory(account: Account, acknowledged: readonly Attempt[]): Promise<void> {
  const client = clientOf(account.owner);
  const seen = new Map<string, number>();
  let cursor: string | null = null;
  let newest: unknown;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await client.get(`/v1/accounts/${account.id}/transactions?limit=100${query}`);
    expect(page.status).toBe(200);
    const data = page.body['data'] as { reference: string; balanceAfter: unknown }[];
    newest ??= data[0]?.balanceAfter;
    for (const { reference } of data) seen.set(reference, (seen.get(reference) ?? 0) + 1);
    cursor = page.body['nextCursor'] as string | null;
  } while (cursor !== null);

  const mine = acknowledged.filter(({ from, to }) => from.id === account.id || to.id === account.id);
  const wanted = new Map<string, number>(mine.map(({ reference }) => [reference, 1]));
  seen.delete('');
  expect([...seen].sort()).toEqual([...wanted].sort());
  const cents = mine.reduce(
    (sum, attempt) => sum + (attempt.to.id === account.id ? attempt.cents : -attempt.cents),
    OPENING_CENTS,
  );
  const balance = { amount: (cents / 100).toFixed(2), currency: 'EUR' };
  expect((await client.get(`/v1/accounts/${account.id}/balance`)).body).toMatchObject({ posted: balance });
  expect(newest).toEqual(balance);
}
