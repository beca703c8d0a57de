import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { createLogger, createMetrics, openTelemetry, readTelemetry, type Telemetry } from '@florin/observability';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Moto, type NoMoto, startMoto } from './moto.ts';

const LOG_GROUP = 'florin-test';
/** What the SDK of AWS asks for; moto believes anybody. */
const AWS = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
/** Most of it is what `moto` takes to be installed, the first time. */
const SET_UP_MS_MAX = 600_000;
const SOON = { timeout: 60_000, interval: 200 };

const metrics = createMetrics({ service: 'accounts' });
const counter = metrics.counter('florin_tried_total', 'Tries', ['way']);
let moto: Moto | NoMoto;
let telemetry: Telemetry | undefined;

beforeAll(async () => {
  Object.assign(process.env, AWS);
  moto = await startMoto();
  if ('missing' in moto) return;
  await new CloudWatchLogsClient({ endpoint: moto.endpoint }).send(
    new CreateLogGroupCommand({ logGroupName: LOG_GROUP }),
  );
  const settings = readTelemetry({
    FLORIN_CLOUDWATCH_LOG_GROUP: LOG_GROUP,
    FLORIN_CLOUDWATCH_ENDPOINT: moto.endpoint,
    FLORIN_METRICS_EMF_SECONDS: '1',
  });
  const logger = createLogger({ service: 'accounts', level: 'silent' });
  telemetry = await openTelemetry(settings, { service: 'accounts', logger });
  telemetry.measure([metrics.registry]);
}, SET_UP_MS_MAX);
afterAll(async () => {
  await telemetry?.close();
  if (!('missing' in moto)) await moto.close();
});

interface Told {
  readonly stream: string;
  readonly count: number;
}

/** What CloudWatch was told of our counter. */
async function told({ endpoint }: Moto): Promise<readonly Told[]> {
  const filterPattern = '"florin_tried_total"';
  const asked = new FilterLogEventsCommand({ logGroupName: LOG_GROUP, filterPattern });
  const { events = [] } = await new CloudWatchLogsClient({ endpoint }).send(asked);
  return events.map(({ message = '{}', logStreamName: stream = '' }) => ({
    stream,
    count: JSON.parse(message).florin_tried_total,
  }));
}

it('metrics arrive as lines, in a stream of the process that has them', async ({ skip }) => {
  if ('missing' in moto) return skip(moto.missing);
  const there = moto;
  counter.inc({ way: 'straight' }, 3);
  await expect
    .poll(() => told(there), SOON)
    .toEqual([{ stream: expect.stringMatching(/^accounts\/[0-9a-f-]{36}$/), count: 3 }]);
});

it('what is counted while CloudWatch hangs is told once it answers again', async ({ skip }) => {
  if ('missing' in moto) return skip(moto.missing);
  const there = moto;
  there.freeze();
  counter.inc({ way: 'straight' }, 4);
  // The next round goes out to nobody.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  counter.inc({ way: 'straight' }, 5);
  there.thaw();
  // What was on its way when it hung may be told twice.
  const counts = async () => new Set((await told(there)).map(({ count }) => count));
  await expect.poll(async () => (await counts()).has(4) && (await counts()).has(5), SOON).toBe(true);
});
