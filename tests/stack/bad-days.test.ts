import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StackServer } from '../../tools/stack/servers.ts';
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
const BEFORE_MS = 1_000;
const AFTER_MS = 3_000;

let stack: RunningStack;
let accounts: readonly Account[] = [];
let load: TransferLoad;
let clients: (login: string) => BankClient;
/** Whoever is signed in at the moment: tokens last five minutes. */
const clientOf = (login: string): BankClient => clients(login);

beforeAll(async () => {
  stack = await runningStack();
  await signInAll();
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 2);
  load = createTransferLoad(clientOf, accounts);
});

/** Of the two servers of PostgreSQL, whichever has it by then: other tests let the other one lead. */
type Role = 'primary' | 'standby';

function serversOf(named: readonly (StackServer | Role)[]): readonly StackServer[] {
  const isFirst = stack.leader() === 'postgres';
  const roles = isFirst
    ? ({ primary: 'postgres', standby: 'postgres2' } as const)
    : ({ primary: 'postgres2', standby: 'postgres' } as const);
  return named.map((one) => (one === 'primary' || one === 'standby' ? roles[one] : one));
}

/** What dies in the middle of a load, and how it comes back. */
const DEATHS: readonly (readonly [string, readonly (StackServer | Role)[]])[] = [
  ['a ledger', ['transactions2']],
  ['a gateway', ['gateway']],
  ['the accounts service', ['accounts']],
  ['Kafka', ['kafka']],
  ['Redis', ['redis']],
  ['the standby', ['standby']],
  ['PostgreSQL', ['primary']],
];

/** On a machine that others use as well Kafka needs more than a minute to come back. */
const LONG = { timeout: 300_000 };

describe('in the middle of a load', () => {
  it.each(DEATHS)('%s is killed and comes back: nothing is lost and nothing happens twice', LONG, async (_, named) => {
    const servers = serversOf(named);
    const before = load.acknowledged().length;
    const sending = load.start(WORKERS);
    await sleep(BEFORE_MS);
    for (const server of servers) stack.kill(server);
    await sleep(AFTER_MS);
    await Promise.all(servers.map(stack.start));
    await sleep(BEFORE_MS);
    await sending.stop();
    await signInAll();
    await load.settle();
    const acknowledged = load.acknowledged();
    expect(acknowledged.length - before).toBeGreaterThan(WORKERS);
    for (const account of accounts) await expectHistory(clientOf(account.owner), account, acknowledged);
    await expectBooksToBalance(clientOf('sam'));
  });
});

/** Servers that money does not wait for. */
const NOT_NEEDED: readonly (readonly [string, readonly (StackServer | Role)[]])[] = [
  ['Kafka', ['kafka']],
  ['Redis', ['redis']],
  ['the standby', ['standby']],
  ['one of the ledgers', ['transactions']],
  ['one of the gateways', ['gateway2']],
];

describe('without', () => {
  it.each(NOT_NEEDED)('%s money moves, and people see what they did', LONG, async (_, named) => {
    const servers = serversOf(named);
    await Promise.all(servers.map(stack.stop));
    try {
      const sending = load.start(1);
      await sleep(AFTER_MS);
      await sending.stop();
      await load.settle();
      const last = load.acknowledged().at(-1);
      if (last === undefined) throw new Error('nothing was acknowledged');
      // Their own balance is as new as what they were told.
      const client = clientOf(last.from.owner);
      const { body, status } = await client.get(`/v1/accounts/${last.from.id}/balance`);
      expect(status).toBe(200);
      expect(body['version']).toBeGreaterThan(0);
      await signInAll();
    } finally {
      await Promise.all(servers.map(stack.start));
    }
    for (const account of accounts) await expectHistory(clientOf(account.owner), account, load.acknowledged());
  });
});

async function signInAll(): Promise<void> {
  clients = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa', 'sam']);
}
