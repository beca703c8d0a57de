import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTopics, TOPICS } from '@florin/kafka';
import { Fault } from '@florin/primitives';
import { writeTextPrivately } from '../secrets.ts';
import type { Daemon } from './daemon.ts';
import { NEEDED } from './packages.ts';
import type { StackPorts } from './ports.ts';

const POM = fileURLToPath(new URL('../../deploy/kafka/pom.xml', import.meta.url));
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const FETCH_MS_MAX = 300_000;
const READY_MS = 60_000;
/** Enough for a bank on a laptop, and what its start measures: about 350 MB resident. */
const JAVA_OPTIONS = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC'];

/** The settings of its log: what is amiss, to standard output. */
export const KAFKA_LOG = `rootLogger.level=WARN
rootLogger.appenderRef.stdout.ref=STDOUT
appender.stdout.type=Console
appender.stdout.name=STDOUT
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=%d %p %c{1} %m%n
`;

interface Kafka {
  /** Where jars and data are. */
  readonly folder: string;
  /** Certificates of the development authority: `kafka.pem`, `kafka-key.pem`, `ca.pem`. */
  readonly certs: string;
  readonly ports: StackPorts;
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

/** One broker that is its own controller (KRaft), over mutual TLS only. Formats its data folder the first time. */
export function kafkaDaemon(kafka: Kafka): Daemon {
  const { folder } = kafka;
  const configFile = join(folder, 'server.properties');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeTextPrivately(join(folder, 'kafka.keystore.pem'), keystore(kafka.certs));
  writeFileSync(join(folder, 'log4j2.properties'), KAFKA_LOG);
  writeTextPrivately(configFile, settingsOf(kafka));
  if (!existsSync(join(folder, 'data', 'meta.properties'))) format(folder, configFile);
  return {
    name: 'kafka',
    command: NEEDED.java.program,
    args: javaArgs(folder, 'kafka.Kafka', configFile),
    isReady: () => isServing(kafka),
    readyMs: READY_MS,
  };
}

/** How the bank's tools reach it. */
export function kafkaConnection({ certs, ports }: Pick<Kafka, 'certs' | 'ports'>) {
  return connectionOf(certs, `localhost:${ports.kafka}`);
}

/** The same by its address, with the certificates of a folder. */
export function connectionOf(certs: string, broker: string) {
  const pem = (name: string) => readFileSync(join(certs, `${name}.pem`), 'utf8');
  const material = { cert: pem('gateway'), key: pem('gateway-key'), ca: pem('ca') };
  const credentials = { current: () => material, onChange: () => {}, close: () => {} };
  return { brokers: [broker], clientId: 'stack', credentials };
}

async function isServing(kafka: Kafka): Promise<boolean> {
  await createTopics(kafkaConnection(kafka), 1, TOPICS);
  return true;
}

function javaArgs(folder: string, main: string, ...args: string[]): readonly string[] {
  const logging = `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`;
  return [...JAVA_OPTIONS, logging, '-cp', join(folder, 'jars', '*'), main, ...args];
}

function format(folder: string, configFile: string): void {
  const clusterId = randomBytes(16).toString('base64url');
  const args = javaArgs(folder, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', configFile);
  const { status, stderr } = spawnSync(NEEDED.java.program, [...args], { encoding: 'utf8' });
  if (status !== 0)
    throw new Fault('stack-server', `the data folder of Kafka could not be formatted: ${stderr.trim()}`);
}

/** The text of the one file from which Kafka reads its key and certificate. */
export function keystore(certs: string): string {
  return `${readFileSync(join(certs, 'kafka-key.pem'), 'utf8')}\n${readFileSync(join(certs, 'kafka.pem'), 'utf8')}`;
}

function settingsOf({ folder, certs, ports }: Kafka): string {
  return brokerSettings({
    name: 'localhost',
    bind: '127.0.0.1',
    port: ports.kafka,
    controllerPort: ports.kafkaController,
    keystoreFile: join(folder, 'kafka.keystore.pem'),
    caFile: join(certs, 'ca.pem'),
    data: join(folder, 'data'),
  });
}

/** Where a broker is: the name that its certificate has and by which it is found, and files and folders of its machine. */
interface BrokerAddress {
  readonly name: string;
  readonly bind: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly keystoreFile: string;
  readonly caFile: string;
  readonly data: string;
}

/** The settings of one broker that is its own controller. */
export function brokerSettings(broker: BrokerAddress): string {
  const { name, bind, port, controllerPort } = broker;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${name}:${controllerPort}`,
    listeners: `SSL://${bind}:${port},CONTROLLER://${bind}:${controllerPort}`,
    'advertised.listeners': `SSL://${name}:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'SSL:SSL,CONTROLLER:SSL',
    'security.inter.broker.protocol': 'SSL',
    'ssl.client.auth': 'required',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': broker.keystoreFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': broker.caFile,
    'log.dirs': broker.data,
    'auto.create.topics.enable': false,
    'message.max.bytes': 2 * 1024 * 1024,
    // One broker keeps everything once; a cluster of three says three, and two in sync.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 12,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // The first member of a group need not wait for a second one.
    'group.initial.rebalance.delay.ms': 0,
  };
  return Object.entries(settings)
    .map(([setting, value]) => `${setting}=${value}\n`)
    .join('');
}
