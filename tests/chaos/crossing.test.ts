import { randomInt, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePortPair } from '../../tools/free-ports.ts';
import { type BankClient, signInDemo } from '../bank-client.ts';
import { type BankProcess, killPostgres, startBankProcess } from '../bank-process.ts';

const ROUNDS = 6;
const WORKERS = 8;
const LOAD_MS_MIN = 300;
const LOAD_MS_MAX = 1_200;
const OPENING_CENTS = 1_000_000;
const CUSTOMERS = ['alice', 'bob', 'noor', 'henk', 'polder', 'markt'];
/** A bank that is away is asked again after this pause: each try is one more transfer to settle afterwards. */
const UNREACHABLE_PAUSE_MS = 50;
/** From a restart to the end of every saga: leases of some seconds, pauses of some more. */
const SETTLED_MS_MAX = 60_000;

interface Account {
  readonly id: string;
  readonly owner: string;
}

interface Attempt {
  readonly key: string;
  readonly from: Account;
  readonly to: Account;
  readonly cents: number;
  readonly reference: string;
  readonly coordination: 'saga' | 'two-phase';
  /** `accepted`: the bank said that it will be, or is. */
  state: 'accepted' | 'unsure';
  transferId: string;
}

const home = mkdtempSync(join(tmpdir(), 'florin-crossing-'));
const accounts: Account[] = [];
const attempts: Attempt[] = [];
const clients = new Map<string, BankClient>();
let bank: BankProcess;
let port: number;

beforeAll(async () => {
  chmodSync(home, 0o711);
  port = await freePortPair();
  bank = await startBankProcess(home, port, ['--shards', '2']);
  await signInAll();
  for (const owner of CUSTOMERS) {
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
});

afterAll(async () => {
  await bank?.stop();
  rmSync(home, { recursive: true, force: true });
});

it('carries what it accepted to the end through kills at random moments, by saga and by two-phase commit', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const load = runLoad();
    await sleep(randomInt(LOAD_MS_MIN, LOAD_MS_MAX));
    if (round % 2 === 0) {
      await bank.kill();
    } else {
      killPostgres(home);
      await sleep(randomInt(0, 500));
      await bank.stop();
    }
    await load.stop();
    bank = await startBankProcess(home, port, ['--shards', '2']);
    await signInAll();
    await settleUnsure();
  }
  await expectAllFinal();
  await expectBooksToBalance();
  await expectBalances();
  const crossed = attempts.filter(({ from, to }) => shardOf(from) !== shardOf(to));
  const of = (coordination: string) => crossed.filter((attempt) => attempt.coordination === coordination).length;
  console.log(
    `${attempts.length} transfers over ${ROUNDS} kills, ${of('saga')} across by saga, ${of('two-phase')} by 2PC`,
  );
});

/** Which of the two shards an account is in: its bucket stands in its id. */
function shardOf({ id }: Account): number {
  return Number.parseInt(id.slice(16, 18), 16) < 128 ? 0 : 1;
}

function clientOf(login: string): BankClient {
  const client = clients.get(login);
  if (client === undefined) throw new Error(`${login} is not signed in`);
  return client;
}

async function signInAll(): Promise<void> {
  const known: object = JSON.parse(readFileSync(join(home, 'demo-users.json'), 'utf8'));
  const logins = [...CUSTOMERS, 'tessa', 'sam'].filter((login) => login in known);
  for (const login of logins) clients.set(login, await signInDemo(bank.url, home, login));
}

function runLoad(): { stop(): Promise<void> } {
  let isStopped = false;
  const workers = Array.from({ length: WORKERS }, async () => {
    while (!isStopped) {
      const from = accounts[randomInt(accounts.length)] as Account;
      const to = accounts[randomInt(accounts.length)] as Account;
      if (from.id === to.id) continue;
      const key = randomUUID();
      const coordination = randomInt(2) === 0 ? 'saga' : 'two-phase';
      const cents = randomInt(1, 100);
      const attempt: Attempt = { key, from, to, cents, reference: key, coordination, state: 'unsure', transferId: '' };
      attempts.push(attempt);
      if ((await send(attempt)) === 0) await sleep(UNREACHABLE_PAUSE_MS);
    }
  });
  return {
    async stop() {
      isStopped = true;
      await Promise.all(workers);
    },
  };
}

async function send(attempt: Attempt): Promise<number> {
  const { from, to, cents, reference, coordination, key } = attempt;
  const amount = { amount: (cents / 100).toFixed(2), currency: 'EUR' };
  const body = { fromAccountId: from.id, toAccountId: to.id, amount, reference, coordination };
  const answer = await clientOf(from.owner).post('/v1/transfers', body, key);
  if (answer.status === 201 || answer.status === 202) {
    const transferId = String(answer.body['id']);
    if (attempt.state === 'accepted') expect(transferId).toBe(attempt.transferId);
    attempt.state = 'accepted';
    attempt.transferId = transferId;
  } else if (answer.status !== 0) {
    expect([409, 503]).toContain(answer.status);
  }
  return answer.status;
}

async function settleUnsure(): Promise<void> {
  const deadline = performance.now() + SETTLED_MS_MAX;
  const isUnsure = (attempt: Attempt) => attempt.state === 'unsure';
  while (attempts.some(isUnsure) && performance.now() < deadline) {
    await Promise.all(attempts.filter(isUnsure).slice(0, WORKERS).map(send));
    await sleep(20);
  }
  expect(attempts.filter(({ state }) => state === 'unsure')).toEqual([]);
}

/** Every accepted transfer is completed: there was money enough, so none may have failed. */
async function expectAllFinal(): Promise<void> {
  const deadline = performance.now() + SETTLED_MS_MAX;
  let next = 0;
  const checkers = Array.from({ length: WORKERS }, async () => {
    while (next < attempts.length) {
      const attempt = attempts[next++] as Attempt;
      expect([attempt.transferId, await finalStatus(attempt, deadline)]).toEqual([attempt.transferId, 'completed']);
    }
  });
  await Promise.all(checkers);
}

async function finalStatus({ transferId, from }: Attempt, deadline: number): Promise<unknown> {
  for (;;) {
    const { status } = (await clientOf(from.owner).get(`/v1/transfers/${transferId}`)).body;
    if (status === 'completed' || performance.now() >= deadline) return status;
    await sleep(50);
  }
}

async function expectBooksToBalance(): Promise<void> {
  const proof = await clientOf('sam').post('/v1/ledger/reconciliations', { mode: 'full' });
  expect(proof.body).toMatchObject({ balanced: true, findings: [] });
  const books = await clientOf('sam').get('/v1/ledger/trial-balance');
  const lines = books.body['lines'] as { account: string; currency: string; posted: { amount: string } }[];
  const inTheMiddle = lines.filter(({ account }) => account === 'clearing' || account === 'suspense');
  for (const { account, currency, posted } of inTheMiddle) {
    expect([account, currency, Number(posted.amount)]).toEqual([account, currency, 0]);
  }
}

/** Each account has what the accepted transfers make of it: nothing was lost and nothing happened twice. */
async function expectBalances(): Promise<void> {
  for (const { id, owner } of accounts) {
    const cents = attempts.reduce(
      (sum, { from, to, cents: moved }) => sum + (to.id === id ? moved : 0) - (from.id === id ? moved : 0),
      OPENING_CENTS,
    );
    const balance = await clientOf(owner).get(`/v1/accounts/${id}/balance`);
    const posted = { amount: (cents / 100).toFixed(2), currency: 'EUR' };
    expect(balance.body).toMatchObject({ posted, held: { amount: '0.00' } });
  }
}
