import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureTopics, listBrokers } from '@florin/kafka';
import { Fault } from '@florin/primitives';
import { writePrivately, writeTextPrivately } from '../secrets.ts';
import type { Daemon } from './daemon.ts';
import { brokerSettings, KAFKA_LOG, keystore } from './kafka-settings.ts';
import { NEEDED } from './packages.ts';
import type { StackPorts } from './ports.ts';

const POM = fileURLToPath(new URL('../../deploy/kafka/pom.xml', import.meta.url));
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const FETCH_MS_MAX = 300_000;
/** On a busy machine; on a quiet one it is there in five seconds. */
const READY_MS = 180_000;
const ALL_UP_MS = 180_000;
const LOOK_EVERY_MS = 200;
/** Enough for a bank on a laptop: about 350 MB resident. Of three brokers each has less to hold. */
const JAVA_OPTIONS = { alone: ['-Xms256m', '-Xmx512m'], ofThree: ['-Xms128m', '-Xmx256m'] };

/** The brokers a stack may have: the first, or all three. Each is a controller of the cluster (KRaft) as well. */
export const KAFKA_SERVERS = ['kafka', 'kafka2', 'kafka3'] as const;
export type KafkaServer = (typeof KAFKA_SERVERS)[number];

/** Where the cluster is, and who is in it. */
export interface Kafka {
  /** Where jars and data are. */
  readonly folder: string;
  /** Certificates of the development authority: `kafka.pem`, `kafka-key.pem`, `ca.pem`. */
  readonly certs: string;
  readonly ports: StackPorts;
  /** Where the bank finds it: its own ports, or those of proxies in front of it. Clients go where a broker says that it is. */
  readonly addresses: StackPorts;
  /** All of the cluster. */
  readonly servers: readonly KafkaServer[];
}

/**
 * The brokers of a stack: `count` of them when it is made, one when nothing is said, and as many ever after. Faults with
 * `stack-server` for another number: the controllers know each other by settings, and topics would stay where they are.
 */
export function kafkaServersOf(folder: string, count?: number): readonly KafkaServer[] {
  const file = join(folder, 'brokers.json');
  const known: number | undefined = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8')).count
    : isFormatted(folder, 'kafka')
      ? 1
      : undefined;
  const wanted = count ?? known ?? 1;
  if (wanted !== 1 && wanted !== KAFKA_SERVERS.length) {
    throw new Fault('stack-server', `a stack has one broker of Kafka or ${KAFKA_SERVERS.length}`);
  }
  if (known !== undefined && known !== wanted) {
    throw new Fault('stack-server', `this stack was made with ${known} of Kafka's brokers, and keeps as many`);
  }
  if (known === undefined) writePrivately(file, { count: wanted });
  return KAFKA_SERVERS.slice(0, wanted);
}

/** Copies the jars from Maven Central, once. Faults with `stack-package` when they can not be had. */
export function fetchKafka(folder: string): void {
  const jars = join(folder, 'jars');
  if (existsSync(jars)) return;
  const draft = `${jars}.new`;
  rmSync(draft, { recursive: true, force: true });
  const { status, stdout } = spawnSync(
    NEEDED.maven.program,
    ['-q', '-B', '-f', POM, COPY, `-DoutputDirectory=${draft}`],
    {
      encoding: 'utf8',
      timeout: FETCH_MS_MAX,
    },
  );
  if (status !== 0) {
    const why = stdout.split('\n').find((line) => line.includes('ERROR')) ?? 'it was ended';
    throw new Fault('stack-package', `the jars of Apache Kafka could not be fetched: ${why}`);
  }
  renameSync(draft, jars);
}

/** Makes the data folders of brokers that have none. Faults with `stack-server`. */
export async function formatKafka(kafka: Kafka): Promise<void> {
  const clusterId = clusterIdOf(kafka);
  const missing = kafka.servers.filter((server) => !isFormatted(kafka.folder, server));
  await Promise.all(missing.map((server) => format(kafka, server, clusterId)));
}

/** A broker that is a controller as well (KRaft), over mutual TLS only. Its data folder is there. */
export function kafkaDaemon(kafka: Kafka, server: KafkaServer): Daemon {
  return {
    name: server,
    command: NEEDED.java.program,
    args: javaArgs(kafka, 'kafka.Kafka', writeConfig(kafka, server)),
    isReady: async () => (await listBrokers(kafkaConnection(kafka, [server]))).includes(idOf(server)),
    readyMs: READY_MS,
  };
}

/** How the bank's tools reach a cluster, by some of its brokers. */
export function kafkaConnection(
  { certs, ports }: Pick<Kafka, 'certs' | 'ports'>,
  servers: readonly KafkaServer[] = ['kafka'],
) {
  return connectionOf(certs, addressesOf(ports, servers));
}

/** The same by addresses, with the certificates of a folder. */
export function connectionOf(certs: string, brokers: readonly string[]) {
  const pem = (name: string) => readFileSync(join(certs, `${name}.pem`), 'utf8');
  const material = { cert: pem('gateway'), key: pem('gateway-key'), ca: pem('ca') };
  const credentials = { current: () => material, onChange: () => {}, isExpired: () => false, close: () => {} };
  return { brokers, clientId: 'stack', credentials };
}

/** Where the brokers are, as clients are told. */
export function addressesOf(ports: StackPorts, servers: readonly KafkaServer[]): readonly string[] {
  return servers.map((server) => `localhost:${ports[server]}`);
}

/** Makes the topics once all brokers know of each other, so that each topic is kept by as many as it should be. */
export async function makeTopics(kafka: Kafka): Promise<void> {
  const connection = kafkaConnection(kafka, kafka.servers);
  const deadline = performance.now() + ALL_UP_MS;
  while ((await listBrokers(connection)).length < kafka.servers.length) {
    if (performance.now() >= deadline) throw new Fault('stack-server', 'the brokers of Kafka do not find each other');
    await sleep(LOOK_EVERY_MS);
  }
  await ensureTopics(connection);
}

function idOf(server: KafkaServer): number {
  return KAFKA_SERVERS.indexOf(server) + 1;
}

/** Where the data of a broker is. The first one's folder has the name that it had when there was only one. */
export function brokerDataOf(folder: string, server: KafkaServer): string {
  return join(folder, server === 'kafka' ? 'data' : `${server}-data`);
}

function isFormatted(folder: string, server: KafkaServer): boolean {
  return existsSync(join(brokerDataOf(folder, server), 'meta.properties'));
}

function javaArgs({ folder, servers }: Kafka, main: string, ...args: string[]): readonly string[] {
  const logging = `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`;
  const memory = servers.length > 1 ? JAVA_OPTIONS.ofThree : JAVA_OPTIONS.alone;
  return [...memory, '-XX:+UseSerialGC', logging, '-cp', join(folder, 'jars', '*'), main, ...args];
}

async function format(kafka: Kafka, server: KafkaServer, clusterId: string): Promise<void> {
  const configFile = writeConfig(kafka, server);
  // With `=`: one id of 64 begins with a dash, and would be taken for another option.
  const args = javaArgs(kafka, 'kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', configFile);
  try {
    await promisify(execFile)(NEEDED.java.program, [...args]);
  } catch (cause) {
    throw new Fault('stack-server', `the data folder of ${server} could not be formatted: ${cause}`, { cause });
  }
}

/** Writes what a broker is started with, and answers the file of its settings. */
function writeConfig(kafka: Kafka, server: KafkaServer): string {
  const { folder } = kafka;
  const configFile = join(folder, `${server}.properties`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeTextPrivately(join(folder, 'kafka.keystore.pem'), keystore(kafka.certs));
  writeFileSync(join(folder, 'log4j2.properties'), KAFKA_LOG);
  writeTextPrivately(configFile, settingsOf(kafka, server));
  return configFile;
}

/** Of all brokers of a cluster, whichever is made first. */
function clusterIdOf({ folder }: Kafka): string {
  const file = join(folder, 'cluster-id');
  if (!existsSync(file)) writeTextPrivately(file, randomBytes(16).toString('base64url'));
  return readFileSync(file, 'utf8');
}

function settingsOf(kafka: Kafka, server: KafkaServer): string {
  const { folder, certs, ports, addresses, servers } = kafka;
  return brokerSettings({
    name: 'localhost',
    bind: '127.0.0.1',
    id: idOf(server),
    voters: servers.map((one) => `${idOf(one)}@localhost:${ports[`${one}Controller`]}`),
    port: ports[server],
    advertisedPort: addresses[server],
    controllerPort: ports[`${server}Controller`],
    keystoreFile: join(folder, 'kafka.keystore.pem'),
    caFile: join(certs, 'ca.pem'),
    data: brokerDataOf(folder, server),
  });
}
