import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { BankClient } from './bank-client.ts';

export interface Account {
  readonly id: string;
  readonly owner: string;
}

/** A transfer that somebody asked for, and what they know about it. */
export interface Attempt {
  readonly key: string;
  readonly from: Account;
  readonly to: Account;
  readonly cents: number;
  readonly reference: string;
  state: 'acknowledged' | 'unsure';
  transferId: string;
}

/** Who banks, as their programs: answers the client of a demo user. */
export type Clients = (login: string) => BankClient;

/** Customers who send each other money, and note what they were told. */
export interface TransferLoad {
  readonly attempts: readonly Attempt[];
  /** What the bank said is done. */
  acknowledged(): readonly Attempt[];
  /** Sends transfers, some at a time, until it is told to stop; every one is noted before it is sent, as a careful client does. */
  start(workers: number): { stop(): Promise<void> };
  /** Whoever does not know asks again with the same key until there is an answer. */
  settle(): Promise<void>;
}

const OPENING_CENTS = 1_000_000;

/** A bank that is away is asked again after this pause: each try is one more transfer to settle afterwards. */
const UNREACHABLE_PAUSE_MS = 20;
const PENDING_LOOK_EVERY_MS = 100;
const PENDING_LOOKS_MAX = 50;
const SETTLED_MS_MAX = 60_000;
const SETTLED_AT_ONCE = 8;
const HISTORY_MS_MAX = 30_000;

/** Opens accounts for demo users, with ten thousand euros each, paid in by a teller in two halves: as much as one does alone. */
export async function openAccounts(clientOf: Clients, owners: readonly string[], each: number): Promise<Account[]> {
  const accounts: Account[] = [];
  for (const owner of owners.flatMap((one) => Array.from({ length: each }, () => one))) {
    const opened = await clientOf(owner).post('/v1/accounts', { productCode: 'current-eur' });
    expect(opened.status).toBe(201);
    const id = String(opened.body['id']);
    const amount = { amount: (OPENING_CENTS / 200).toFixed(2), currency: 'EUR' };
    for (const _ of ['half', 'half']) {
      expect((await clientOf('tessa').post('/v1/deposits', { accountId: id, amount })).status).toBe(201);
    }
    accounts.push({ id, owner });
  }
  return accounts;
}

export function createTransferLoad(clientOf: Clients, accounts: readonly Account[]): TransferLoad {
  const attempts: Attempt[] = [];
  const send = (attempt: Attempt) => sendOnce(clientOf, attempt);

  async function work(isStopped: () => boolean): Promise<void> {
    while (!isStopped()) {
      const [from, to] = [pick(accounts), pick(accounts)];
      if (from.id === to.id) continue;
      const key = randomUUID();
      const cents = randomInt(1, 100);
      const attempt: Attempt = { key, from, to, cents, reference: `load ${key}`, state: 'unsure', transferId: '' };
      attempts.push(attempt);
      if ((await send(attempt)) !== 201) await sleep(UNREACHABLE_PAUSE_MS);
    }
  }

  return {
    attempts,
    acknowledged: () => attempts.filter(({ state }) => state === 'acknowledged'),
    start(count) {
      let isStopped = false;
      const workers = Array.from({ length: count }, () => work(() => isStopped));
      return {
        async stop() {
          isStopped = true;
          await Promise.all(workers);
        },
      };
    },
    async settle() {
      const deadline = performance.now() + SETTLED_MS_MAX;
      const unsure = () => attempts.filter(({ state }) => state === 'unsure');
      while (unsure().length > 0 && performance.now() < deadline) {
        await Promise.all(unsure().slice(0, SETTLED_AT_ONCE).map(send));
        await sleep(UNREACHABLE_PAUSE_MS);
      }
      expect(unsure()).toEqual([]);
    },
  };
}

/** Sends an attempt; answers the status, 0 for none. */
async function sendOnce(clientOf: Clients, attempt: Attempt): Promise<number> {
  const { from, to, cents, reference, key } = attempt;
  const amount = { amount: (cents / 100).toFixed(2), currency: 'EUR' };
  const body = { fromAccountId: from.id, toAccountId: to.id, amount, reference };
  const answer = await clientOf(from.owner).post('/v1/transfers', body, key);
  if (answer.status === 201) {
    const transferId = String(answer.body['id']);
    if (attempt.state === 'acknowledged') expect(transferId).toBe(attempt.transferId);
    attempt.state = 'acknowledged';
    attempt.transferId = transferId;
  } else if (answer.status === 202) {
    attempt.transferId = String(answer.body['id']);
    if (await comesThrough(clientOf(from.owner), attempt)) attempt.state = 'acknowledged';
  } else if (answer.status !== 0) {
    // Nothing but "come back with the same key" is expected: there is money enough and nothing is frozen.
    expect([409, 502, 503, 504], JSON.stringify(answer.body)).toContain(answer.status);
  }
  return answer.status;
}

/** Whether a transfer between shards, which was taken and is under way, is done within some seconds. */
async function comesThrough(client: BankClient, { transferId }: Attempt): Promise<boolean> {
  for (let looks = 0; looks < PENDING_LOOKS_MAX; looks += 1) {
    const { status, body } = await client.get(`/v1/transfers/${transferId}`);
    if (status === 200 && body['status'] === 'completed') return true;
    await sleep(PENDING_LOOK_EVERY_MS);
  }
  return false;
}

export async function expectBooksToBalance(client: BankClient): Promise<void> {
  const proof = await client.post('/v1/ledger/reconciliations', { mode: 'full' });
  expect(proof.body).toMatchObject({ balanced: true, findings: [] });
}

/** The history in the read model comes to hold each acknowledged transfer once and nothing else, and its balance agrees. */
export async function expectHistory(
  client: BankClient,
  account: Account,
  acknowledged: readonly Attempt[],
): Promise<void> {
  const mine = acknowledged.filter(({ from, to }) => from.id === account.id || to.id === account.id);
  const wanted = mine.map(({ reference }) => reference).sort();
  const read = async () => (await readReferences(client, account)).filter((reference) => reference !== '').sort();
  await expect.poll(read, { timeout: HISTORY_MS_MAX, interval: 200 }).toEqual(wanted);
  const cents = mine.reduce(
    (sum, { to, cents: moved }) => sum + (to.id === account.id ? moved : -moved),
    OPENING_CENTS,
  );
  const posted = { amount: (cents / 100).toFixed(2), currency: 'EUR' };
  expect((await client.get(`/v1/accounts/${account.id}/balance`)).body).toMatchObject({ posted });
  const [newest] = (await client.get(`/v1/accounts/${account.id}/transactions?limit=1`)).body['data'] as {
    balanceAfter: unknown;
  }[];
  expect(newest?.balanceAfter).toEqual(posted);
}

/** What is written on each line of a history. */
async function readReferences(client: BankClient, { id }: Account): Promise<string[]> {
  const references: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await client.get(`/v1/accounts/${id}/transactions?limit=100${query}`);
    expect(page.status).toBe(200);
    references.push(...(page.body['data'] as { reference: string }[]).map(({ reference }) => reference));
    cursor = page.body['nextCursor'] as string | null;
  } while (cursor !== null);
  return references;
}

function pick<Item>(items: readonly Item[]): Item {
  return items[randomInt(items.length)] as Item;
}
