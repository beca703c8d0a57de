import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAnswer } from '../bank-client.ts';
import type { Random } from '../simulation/kernel/random.ts';
import type { ClientAccount, History, WantedTransfer } from './history.ts';
import type { SignedIn } from './signed-in.ts';

export interface ClientOptions {
  readonly people: SignedIn;
  readonly accounts: readonly ClientAccount[];
  readonly history: History;
  readonly random: Random;
  /** Off, each retry has a key of its own: the bank must then do things twice, and the checker must see it. */
  readonly isIdempotent: boolean;
}

/** Customers who go on. */
export interface Clients {
  /** Begins nothing new, and waits until each knows what became of its last operation, or has given up. */
  stop(): Promise<void>;
}

const THINK_MS = [10, 60] as const;
const RETRY_MS = [50, 400] as const;
/** A client gives up after this: the outcome is unknown to it. Longer than any fault. */
const OPERATION_MS_MAX = 45_000;
const READ_CHANCE = 0.35;
const MINOR_MAX = 300;
/** Come back with the same key. */
const AGAIN = [0, 401, 409, 429, 502, 503, 504];
const DONE = [201, 202];

/** Starts a client for each customer, who do one thing at a time. */
export function startClients(options: ClientOptions): Clients {
  let isStopped = false;
  const owners = [...new Set(options.accounts.map(({ owner }) => owner))];
  const running = owners.map(async (owner, client) => {
    const own = options.accounts.filter((account) => account.owner === owner);
    while (!isStopped) {
      const from = options.random.pick(own);
      await transfer(options, client, from);
      if (options.random.chance(READ_CHANCE)) await read(options, client, from);
      await sleep(options.random.between(...THINK_MS));
    }
  });
  return {
    async stop() {
      isStopped = true;
      await Promise.all(running);
    },
  };
}

async function transfer(options: ClientOptions, client: number, from: ClientAccount): Promise<void> {
  const { history, people } = options;
  const wanted = draw(options, from);
  history.add({ type: 'invoke', f: 'transfer', client, transfer: wanted });
  const { op, fromAccountId, toAccountId, minor, currency, coordination } = wanted;
  const amount = { amount: (minor / 100).toFixed(2), currency };
  const body = { fromAccountId, toAccountId, amount, reference: op, coordination };
  let attempts = 0;
  const send = () => {
    attempts += 1;
    return people.clientOf(from.owner).post('/v1/transfers', body, keyOf(options, op, attempts));
  };
  const answer = await ask(options, send, from.owner);
  if (answer === undefined) {
    history.add({ type: 'info', f: 'transfer', client, op, attempts });
  } else if (DONE.includes(answer.status)) {
    const { id, status, balance } = answer.body as { id: string; status: string; balance?: { version: number } };
    const version = balance === undefined ? {} : { version: balance.version };
    const isPending = status === 'pending';
    history.add({ type: 'ok', f: 'transfer', client, op, transferId: id, isPending, attempts, ...version });
  } else {
    refused(history, client, op, answer);
  }
}

function draw({ accounts, random }: ClientOptions, from: ClientAccount): WantedTransfer {
  const others = accounts.filter(({ id, currency }) => id !== from.id && currency === from.currency);
  return {
    op: `nemesis ${randomUUID()}`,
    fromAccountId: from.id,
    toAccountId: random.pick(others).id,
    minor: random.between(1, MINOR_MAX),
    currency: from.currency,
    coordination: random.chance(0.5) ? 'saga' : 'two-phase',
  };
}

function keyOf({ isIdempotent }: ClientOptions, op: string, attempt: number): string {
  return isIdempotent ? op.replace(' ', '-') : `${op.replace(' ', '-')}-${attempt}`;
}

function refused(history: History, client: number, op: string, { status, body }: ApiAnswer): void {
  const code = String(body['code']);
  history.add({ type: 'fail', f: 'transfer', client, op, code });
  if (code === 'insufficient-funds' || code === 'daily-limit-exceeded') return;
  history.add({ type: 'odd', client, what: `a transfer was answered ${status} ${JSON.stringify(body)}` });
}

async function read(options: ClientOptions, client: number, { id, owner }: ClientAccount): Promise<void> {
  const { history, people } = options;
  history.add({ type: 'invoke', f: 'read', client, accountId: id });
  const answer = await ask(options, () => people.clientOf(owner).get(`/v1/accounts/${id}/balance`), owner);
  if (answer === undefined) {
    history.add({ type: 'info', f: 'read', client, accountId: id });
  } else if (answer.status === 200) {
    const { version, available } = answer.body as { version: number; available: { amount: string } };
    const availableMinor = Math.round(Number(available.amount) * 100);
    history.add({ type: 'ok', f: 'read', client, accountId: id, version, availableMinor });
  } else {
    const what = `a balance was answered ${answer.status} ${JSON.stringify(answer.body)}`;
    history.add({ type: 'odd', client, what });
  }
}

/** Asks until there is an answer that says what is; undefined when there was none in time. */
async function ask(
  { random, people }: ClientOptions,
  send: () => Promise<ApiAnswer>,
  owner: string,
): Promise<ApiAnswer | undefined> {
  const deadline = performance.now() + OPERATION_MS_MAX;
  do {
    const answer = await send();
    if (!AGAIN.includes(answer.status)) return answer;
    if (answer.status === 401) await people.renew(owner);
    await sleep(random.between(...RETRY_MS));
  } while (performance.now() < deadline);
  return undefined;
}
