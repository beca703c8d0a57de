import { beforeAll, expect, it } from 'vitest';
import { type BankClient, signInDemo } from '../bank-client.ts';
import {
  type Account,
  createTransferLoad,
  expectBooksToBalance,
  expectHistory,
  openAccounts,
} from '../transfer-load.ts';
import { type RunningStack, runningStack } from './running-stack.ts';

const WORKERS = 8;
/** One after the other, as an update of the bank goes. */
const ROLLED = ['gateway', 'gateway2', 'transactions', 'transactions2'] as const;

let stack: RunningStack;
let accounts: readonly Account[] = [];
let clients: Readonly<Record<string, BankClient>> = {};

beforeAll(async () => {
  stack = await runningStack();
  const signedIn = ['alice', 'bob', 'tessa', 'sam'].map(
    async (login) => [login, await signInDemo(stack.publicUrl, stack.home, login)] as const,
  );
  clients = Object.fromEntries(await Promise.all(signedIn));
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 2);
});

it('fails no request while gateways and ledgers are started anew, one after the other, under load', async () => {
  const answers: number[] = [];
  const watched = (login: string): BankClient => {
    const client = clientOf(login);
    const noted = async (answer: ReturnType<BankClient['get']>) => {
      answers.push((await answer).status);
      return answer;
    };
    return { get: (path) => noted(client.get(path)), post: (...sent) => noted(client.post(...sent)) };
  };
  const load = createTransferLoad(watched, accounts);
  const sending = load.start(WORKERS);
  for (const name of ROLLED) await stack.restart(name);
  await sending.stop();
  // 409 is an account that others use at the moment, restart or not.
  const failed = answers.filter((status) => status !== 201 && status !== 409);
  const counts = Object.fromEntries(
    [...new Set(failed)].map((status) => [status, failed.filter((one) => one === status).length]),
  );
  console.log(`${answers.length} transfers while four processes were started anew, failed: ${JSON.stringify(counts)}`);
  expect(counts).toEqual({});
  await load.settle();
  expect(answers.length).toBeGreaterThan(WORKERS * 10);
  for (const account of accounts) await expectHistory(clientOf(account.owner), account, load.acknowledged());
  await expectBooksToBalance(clientOf('sam'));
});

function clientOf(login: string): BankClient {
  const client = clients[login];
  if (client === undefined) throw new Error(`${login} is not signed in`);
  return client;
}
