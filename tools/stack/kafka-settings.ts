import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The settings of its log: what is amiss, to standard output. */
export const KAFKA_LOG = `rootLogger.level=WARN
rootLogger.appenderRef.stdout.ref=STDOUT
appender.stdout.type=Console
appender.stdout.name=STDOUT
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=%d %p %c{1} %m%n
`;

/** The text of the one file from which Kafka reads its key and certificate. */
export function keystore(certs: string): string {
  return `${readFileSync(join(certs, 'kafka-key.pem'), 'utf8')}\n${readFileSync(join(certs, 'kafka.pem'), 'utf8')}`;
}

/** Where a broker is: the name that its certificate has and by which it is found, and files and folders of its machine. */
interface BrokerAddress {
  readonly name: string;
  readonly bind: string;
  readonly id: number;
  /** All controllers, as `id@host:port`. */
  readonly voters: readonly string[];
  readonly port: number;
  /** Where clients find it: its port, or that of a proxy in front of it. */
  readonly advertisedPort: number;
  readonly controllerPort: number;
  readonly keystoreFile: string;
  readonly caFile: string;
  readonly data: string;
}

/** The settings of a broker that is a controller as well, alone or one of three. */
export function brokerSettings(broker: BrokerAddress): string {
  const { name, bind, port, controllerPort } = broker;
  // With three brokers one may be away, and what only one has is not acknowledged.
  const copies = broker.voters.length;
  const copiesMin = copies > 2 ? 2 : 1;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': broker.id,
    'controller.quorum.voters': broker.voters.join(','),
    listeners: `SSL://${bind}:${port},CONTROLLER://${bind}:${controllerPort}`,
    'advertised.listeners': `SSL://${name}:${broker.advertisedPort}`,
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
    'min.insync.replicas': copiesMin,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 12,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': copiesMin,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': copiesMin,
    // The first member of a group need not wait for a second one.
    'group.initial.rebalance.delay.ms': 0,
  };
  return Object.entries(settings)
    .map(([setting, value]) => `${setting}=${value}\n`)
    .join('');
}
