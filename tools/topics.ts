import { parseArgs } from 'node:util';
import { openTlsCredentials, readPeerFiles } from '@florin/http';
import { ensureTopics, readKafkaBrokers, type TopicOutcome } from '@florin/kafka';
import { createLogger } from '@florin/observability';
import { Fault } from '@florin/primitives';

const USAGE = `npm run topics

Makes every topic of the bank that is missing on FLORIN_KAFKA_BROKERS, and gives those that are there the partitions and
settings they should have (platform/kafka/src/topics.ts). Asked again, it changes nothing.`;

try {
  await run();
} catch (error) {
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(`florin: ${sentence}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) return say(USAGE);
  const brokers = readKafkaBrokers(process.env);
  if (brokers === undefined) throw new Fault('setting-missing', 'the setting FLORIN_KAFKA_BROKERS is missing');
  const files = readPeerFiles(process.env);
  const logger = createLogger({ service: 'topics', level: 'warn' });
  const credentials = files && openTlsCredentials(files, { logger });
  try {
    const outcomes = await ensureTopics({ brokers, clientId: 'topics', credentials });
    for (const outcome of outcomes) say(lineOf(outcome));
    if (outcomes.some(({ outcome }) => outcome === 'differs')) process.exitCode = 1;
  } finally {
    credentials?.close();
  }
}

function lineOf({ topic, outcome, remarks }: TopicOutcome): string {
  return `  ${topic.padEnd(48)}${[outcome, ...remarks].join('; ')}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
