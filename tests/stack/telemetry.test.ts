import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROCESSES } from '../../tools/stack/processes.ts';
import { type BankClient, signInDemos } from '../bank-client.ts';
import { type OtlpReceiver, startOtlpReceiver, treeOf } from '../otlp-receiver.ts';
import { type Account, openAccounts } from '../transfer-load.ts';
import { type RunningStack, runningStack } from './running-stack.ts';

let receiver: OtlpReceiver;
let stack: RunningStack;
let clientOf: (login: string) => BankClient;
let accounts: readonly Account[] = [];

/** Every process of the bank anew, with these settings on top. */
async function restartWith(environment: Readonly<Record<string, string>>): Promise<RunningStack> {
  const running = await runningStack({ environment });
  await Promise.all(PROCESSES.map(({ name }) => running.stop(name)));
  await Promise.all(PROCESSES.map(({ name }) => running.start(name)));
  return running;
}

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  stack = await restartWith({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
  clientOf = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa']);
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 1);
});
afterAll(async () => {
  await restartWith({});
  await receiver.close();
});

const SOON = { timeout: 60_000, interval: 500 };

async function transfer(): Promise<number> {
  const [from, to] = accounts;
  const amount = { amount: '4.17', currency: 'EUR' };
  const body = { fromAccountId: from?.id, toAccountId: to?.id, amount, reference: 'quillfeather' };
  return (await clientOf('alice').post('/v1/transfers', body)).status;
}

it('shows one transfer through NGINX, five processes and Kafka as one trace', async () => {
  const before = receiver.spans.length;
  expect(await transfer()).toBe(201);
  const shown = () => {
    const root = receiver.spans.slice(before).find(({ name }) => name === 'POST /v1/transfers');
    const trace = root === undefined ? [] : receiver.traceOf(root.traceId);
    return trace.map(({ process, name }) => `${process}: ${name}`);
  };
  const expected = [
    'gateway: POST /v1/transfers',
    'gateway: forward transactions',
    'transactions: POST /v1/transfers',
    'transactions: ledger batch',
    'transactions: postgres transaction',
    'transactions: publish transactions',
    'accounts: process accounts.read-model',
    'accounts: postgres transaction',
    'notifications: process notifications.news',
    'notifications: postgres transaction',
  ];
  await expect.poll(shown, SOON).toEqual(expect.arrayContaining(expected));
  const [{ traceId = '' } = {}] = receiver.spans.slice(before).filter(({ name }) => name === 'POST /v1/transfers');
  // One root, so nothing lost its parent on the way.
  expect(treeOf(receiver.traceOf(traceId)).filter((line) => !line.startsWith(' '))).toHaveLength(1);
  expect(JSON.stringify(receiver.spans)).not.toMatch(/quillfeather|4\.17|alice/i);
});
