import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROCESSES } from '../../tools/stack/processes.ts';
import { type BankClient, signInDemos } from '../bank-client.ts';
import { type OtlpReceiver, startOtlpReceiver, treeOf } from '../otlp-receiver.ts';
import { type Account, openAccounts } from '../transfer-load.ts';
import { type Moto, type NoMoto, startMoto } from './moto.ts';
import { type RunningStack, runningStack } from './running-stack.ts';

const LOG_GROUP = 'florin-test';
/** What the SDK of AWS asks for; moto believes anybody. */
const AWS = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** Most of it is what `moto` takes to be installed, the first time. */
const SET_UP_MS_MAX = 600_000;

let receiver: OtlpReceiver;
let moto: Moto | NoMoto;
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
  [receiver, moto] = await Promise.all([startOtlpReceiver(), startMoto()]);
  const cloudWatch = 'missing' in moto ? {} : { FLORIN_CLOUDWATCH_ENDPOINT: moto.endpoint };
  if (!('missing' in moto)) await cloudWatchOf(moto).send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
  stack = await restartWith({
    ...AWS,
    ...cloudWatch,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    FLORIN_CLOUDWATCH_LOG_GROUP: LOG_GROUP,
    FLORIN_METRICS_EMF_SECONDS: '2',
  });
  clientOf = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa', 'sam']);
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 1);
}, SET_UP_MS_MAX);
afterAll(async () => {
  await restartWith({});
  await receiver.close();
  if (!('missing' in moto)) await moto.close();
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
    return new Set(trace.map(({ process, name }) => `${process}: ${name}`));
  };
  await expect
    .poll(shown, SOON)
    .toEqual(
      new Set([
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
        'notifications: publish notifications',
      ]),
    );
  const [{ traceId = '' } = {}] = receiver.spans.slice(before).filter(({ name }) => name === 'POST /v1/transfers');
  // One root, so nothing lost its parent on the way.
  expect(treeOf(receiver.traceOf(traceId)).filter((line) => !line.startsWith(' '))).toHaveLength(1);
  expect(JSON.stringify(receiver.spans)).not.toMatch(/quillfeather|4\.17|alice/i);
});

it('sends the metrics of every process to CloudWatch Logs', async ({ skip }) => {
  if ('missing' in moto) return skip(moto.missing);
  const logs = cloudWatchOf(moto);
  const services = async () => new Set((await documentsIn(logs)).map(({ service }) => service));
  await expect.poll(services, SOON).toEqual(new Set(['gateway', 'users', 'accounts', 'transactions', 'notifications']));
  const instances = async () => new Set((await documentsIn(logs)).map(({ instance }) => instance)).size;
  await expect.poll(instances, SOON).toBe(PROCESSES.length);
  const counted = async () =>
    (await documentsIn(logs))
      .filter(({ service, route, status }) => `${service} ${route} ${status}` === 'gateway /v1/transfers 2xx')
      .reduce((count, document) => count + (document.florin_http_request_duration_seconds?.Count ?? 0), 0);
  await expect.poll(counted, SOON).toBe(1);
});

it('holds up nobody while CloudWatch hangs, and tells it afterwards', async ({ skip }) => {
  if ('missing' in moto) return skip(moto.missing);
  const logs = cloudWatchOf(moto);
  moto.freeze();
  for (let count = 0; count < 5; count += 1) expect(await transfer()).toBe(201);
  moto.thaw();
  const counted = async () =>
    (await documentsIn(logs))
      .filter(({ service, route, method }) => `${service} ${method} ${route}` === 'transactions POST /v1/transfers')
      .reduce((count, document) => count + (document.florin_http_request_duration_seconds?.Count ?? 0), 0);
  await expect.poll(counted, SOON).toBe(6);
});

interface EmfDocument {
  readonly service: string;
  readonly instance: string;
  readonly method?: string;
  readonly route?: string;
  readonly status?: string;
  readonly florin_http_request_duration_seconds?: { readonly Count: number };
}

function cloudWatchOf({ endpoint }: Moto): CloudWatchLogsClient {
  const credentials = { accessKeyId: AWS.AWS_ACCESS_KEY_ID, secretAccessKey: AWS.AWS_SECRET_ACCESS_KEY };
  return new CloudWatchLogsClient({ endpoint, region: AWS.AWS_REGION, credentials });
}

/** More pages than a minute of a small bank fills. */
const PAGES_MAX = 50;

async function documentsIn(logs: CloudWatchLogsClient): Promise<readonly EmfDocument[]> {
  const found: EmfDocument[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await logs.send(new FilterLogEventsCommand({ logGroupName: LOG_GROUP, nextToken }));
    found.push(...(answer.events ?? []).map(({ message = '{}' }): EmfDocument => JSON.parse(message)));
    nextToken = answer.nextToken;
    if (nextToken === undefined) break;
  }
  return found;
}
