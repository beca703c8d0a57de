import { beforeAll, expect, it } from 'vitest';
import { type BankClient, signInDemos } from '../bank-client.ts';
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
let clientOf: (login: string) => BankClient;

beforeAll(async () => {
  stack = await runningStack();
  clientOf = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa', 'sam']);
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 2);
});

it('fails no request while gateways and ledgers are started anew, one after the other, under load', async () => {
  const answers: string[] = [];
  const watched = (login: string): BankClient => {
    const client = clientOf(login);
    const noted = async (answer: ReturnType<BankClient['get']>) => {
      const { status, body } = await answer;
      answers.push(status < 300 ? String(status) : `${status} ${body['type']}`);
      return answer;
    };
    return { get: (path) => noted(client.get(path)), post: (...sent) => noted(client.post(...sent)) };
  };
  const load = createTransferLoad(watched, accounts);
  const sending = load.start(WORKERS);
  for (const name of ROLLED) await stack.restart(name);
  await sending.stop();
  // 409 is an account that others use at the moment, restart or not.
  const failed = answers.filter((answer) => !/^(201|409)/.test(answer));
  const counts = Object.fromEntries(
    [...new Set(failed)].map((answer) => [answer, failed.filter((one) => one === answer).length]),
  );
  console.log(`${answers.length} transfers while four processes were started anew, failed: ${JSON.stringify(counts)}`);
  expect(counts).toEqual({});
  await load.settle();
  expect(answers.length).toBeGreaterThan(WORKERS * 10);
  for (const account of accounts) await expectHistory(clientOf(account.owner), account, load.acknowledged());
  await expectBooksToBalance(clientOf('sam'));
});
