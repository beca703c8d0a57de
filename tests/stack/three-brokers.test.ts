import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureTopics, kafkaBroker, type LeavableBroker } from '@florin/kafka';
import { testEvent } from '@florin/messaging/contract';
import { createLogger } from '@florin/observability';
import { systemClock } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ensureCertificates } from '../../tools/development-certificates.ts';
import { pidOf, startDaemon, stopDaemon } from '../../tools/stack/daemon.ts';
import { freeBasePort } from '../../tools/stack/free-stack-ports.ts';
import {
  formatKafka,
  KAFKA_SERVERS,
  type Kafka,
  type KafkaServer,
  kafkaConnection,
  kafkaDaemon,
  kafkaServersOf,
  makeTopics,
} from '../../tools/stack/kafka.ts';
import { kafkaFolderOf } from '../../tools/stack/plan.ts';
import { portsFrom } from '../../tools/stack/ports.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];
const PUBLISH_EVERY_MS = 50;
const BEFORE_MS = 1_000;
const AFTER_MS = 3_000;
/** Rounds that were taken without the broker that was killed, however long it takes until others lead. */
const ENOUGH = 30;
const TRIES_MAX = 30;
/** A cluster says after nine seconds that a broker is gone, and then everybody looks for the new leaders. */
const EVENTS_GO_ON = { timeout: 120_000, interval: 200 };
const TEST_MS = 240_000;
/** Three brokers start side by side. */
const START_MS = 240_000;

const home = mkdtempSync(join(tmpdir(), 'florin-brokers-'));
const topic = `three.${process.pid}`;
/** The numbers that each key's events had, as they came; one that comes again is not noted again. */
const heard = new Map<string, number[]>(KEYS.map((key) => [key, []]));
let kafka: Kafka;
let broker: LeavableBroker;
let published = 0;

const start = (server: KafkaServer) => startDaemon(home, kafkaDaemon(kafka, server));

/** A cluster without a bank: the bank's stack has one broker, which is what a laptop can spare. */
beforeAll(async () => {
  const folder = kafkaFolderOf(home);
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(kafkaFolderOf(inject('stack').home), 'jars'), join(folder, 'jars'));
  const { folder: certs } = await ensureCertificates(home, { clock: systemClock });
  const ports = portsFrom(await freeBasePort());
  kafka = { folder, certs, ports, addresses: ports, servers: kafkaServersOf(folder, KAFKA_SERVERS.length) };
  await formatKafka(kafka);
  await Promise.all(kafka.servers.map(start));
  await makeTopics(kafka);
  const connection = kafkaConnection(kafka, kafka.servers);
  await ensureTopics(connection, { topics: [topic] });
  const logger = createLogger({ service: 'test', level: 'silent' });
  broker = kafkaBroker({ ...connection, instance: 'three', logger, clock: systemClock });
  broker.subscribe({
    group: 'three',
    topics: [topic],
    async handle(events) {
      for (const { subject, data } of events) note(subject, (data as { number: number }).number);
    },
  });
}, START_MS);

afterAll(async () => {
  await broker?.close();
  await Promise.all(KAFKA_SERVERS.map((server) => stopDaemon(home, server, { signal: 'SIGKILL' })));
  rmSync(home, { recursive: true, force: true });
}, START_MS);

function note(key: string, number: number): void {
  const numbers = heard.get(key);
  if (numbers !== undefined && number > (numbers.at(-1) ?? -1)) numbers.push(number);
}

/** As the outbox's relay does it: what was not taken is sent again, and nothing overtakes it. */
async function publish(forMs: number): Promise<void> {
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    const events = KEYS.map((key) => testEvent(topic, key, published));
    const isTaken = await broker.publish(events).then(
      () => true,
      () => false,
    );
    if (isTaken) published += 1;
    await sleep(PUBLISH_EVERY_MS);
  }
}

it('every topic is there, kept as it should be by three brokers', async () => {
  const outcomes = await ensureTopics(kafkaConnection(kafka, kafka.servers));
  expect(outcomes.length).toBeGreaterThan(0);
  expect(outcomes.filter(({ outcome, remarks }) => outcome !== 'right' || remarks.length > 0)).toEqual([]);
});

describe('one of three brokers', () => {
  // The one that clients know first, and one of the others.
  it.each(['kafka', 'kafka3'] as const)(
    '%s is killed: events go on without it, in order, and none is lost',
    { timeout: TEST_MS },
    async (server) => {
      await publish(BEFORE_MS);
      const before = published;
      const pid = pidOf(home, server);
      if (pid === undefined) throw new Error(`${server} does not run`);
      process.kill(pid, 'SIGKILL');
      for (let tries = 0; published < before + ENOUGH && tries < TRIES_MAX; tries += 1) await publish(AFTER_MS);
      try {
        expect(published).toBeGreaterThanOrEqual(before + ENOUGH);
        const wanted = Array.from({ length: published }, (_, number) => number);
        await expect.poll(() => [...heard.values()], EVENTS_GO_ON).toEqual(KEYS.map(() => wanted));
      } finally {
        await start(server);
      }
    },
  );
});
