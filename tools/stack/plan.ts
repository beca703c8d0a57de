import { join } from 'node:path';
import type { Logger } from '@florin/observability';
import { systemClock } from '@florin/primitives';
import { ensureCertificates } from '../development-certificates.ts';
import { loadSecrets } from '../secrets.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { addressesOf, type Kafka, kafkaDaemon, kafkaServersOf } from './kafka.ts';
import { type NginxPlace, nginxDaemon } from './nginx.ts';
import { portsFrom, type StackPorts } from './ports.ts';
import {
  type AnyPostgres,
  type PostgresPlace,
  postgresDaemon,
  SHARD_SERVERS,
  type ShardServer,
  superuserUrl,
} from './postgres.ts';
import { bankDaemon, PROCESSES, type ProcessPlace } from './processes.ts';
import { redisDaemon } from './redis.ts';
import { followerOf, leaderOf, type PairPorts } from './replication.ts';
import { type StackServer, stopServer } from './servers.ts';
import { ownServersOf, type Shards, shardsOf } from './shards.ts';
import { redisUrl, stackSecrets } from './stack-secrets.ts';
import { watchingDaemons } from './watching.ts';

export interface StackOptions {
  /** Where everything is kept. */
  readonly home: string;
  /** The public port; the others follow (`ports.ts`). */
  readonly basePort: number;
  /** Without demo people and their three months. */
  readonly isEmpty: boolean;
  /** Nothing is acknowledged before the standby has it. */
  readonly isSynchronous?: boolean;
  /** How many brokers of Kafka: 1 or 3, for good; 1 when a stack is made and nothing is said. */
  readonly kafkaBrokers?: number;
  /** How many databases the ledger of a new bank is spread over, from 1 to 4; 1 when a stack is made and nothing is said. */
  readonly shards?: number;
  /** Ports of proxies that lead to the named ones: the bank's processes and NGINX go there instead. */
  readonly detours?: Partial<StackPorts>;
  /** Settings of the bank's processes on top. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Who is sent alerts; nobody when not given. */
  readonly alertWebhookUrl?: string | undefined;
  readonly logger: Logger;
  /** Told of each step: its name, and what became of it. */
  progress(name: string, what: string): void;
}

/** The superuser's address of a server of PostgreSQL. */
export function postgresUrl(home: string, ports: StackPorts, server: AnyPostgres): string {
  return superuserUrl(postgresPlace(home, ports), server);
}

function postgresPlace(home: string, ports: StackPorts): PostgresPlace {
  const certs = join(home, 'certs');
  return { folder: join(home, 'postgres'), certs, ports, password: stackSecrets(home).postgres };
}

export type Place = { -readonly [Key in keyof ProcessPlace]: ProcessPlace[Key] };

/** Where everything is and how it is started, before anything is. */
export interface Plan {
  readonly daemons: Readonly<Record<StackServer, () => Daemon>>;
  readonly place: Place;
  readonly postgres: PostgresPlace;
  readonly kafka: Kafka;
  readonly shards: Shards;
  readonly pair: PairPorts;
  /** By which server of PostgreSQL leads now. */
  edge(): NginxPlace;
  up(name: StackServer): Promise<void>;
}

/** Reads or makes what a stack is made of. Starts nothing. */
export async function planStack(options: StackOptions): Promise<Plan> {
  const { home, basePort, detours = {}, environment = {}, alertWebhookUrl, progress } = options;
  const ports = portsFrom(basePort);
  const addresses = { ...ports, ...detours };
  const { folder: certs } = await ensureCertificates(home, { clock: systemClock });
  const own = stackSecrets(home);
  const postgres = postgresPlace(home, ports);
  const shards = shardsOf(home, options.shards);
  const kafkaFolder = kafkaFolderOf(home);
  const kafka: Kafka = {
    folder: kafkaFolder,
    certs,
    ports,
    addresses,
    servers: kafkaServersOf(kafkaFolder, options.kafkaBrokers),
  };
  const place = {
    home,
    certs,
    ports,
    addresses,
    secrets: await loadSecrets(home),
    publicUrl: `https://localhost:${ports.edge}`,
    redisUrl: redisUrl(home, addresses),
    kafkaBrokers: addressesOf(addresses, kafka.servers),
    environment,
    shardServers: ownServersOf(home).byShard,
  } as Place;
  const edge = (): NginxPlace => ({
    ...{ folder: join(home, 'nginx'), certs, ports, addresses },
    ...{ primary: leaderOf(postgres), standby: followerOf(postgres) },
  });
  const where = { certs, ports };
  const daemons: Plan['daemons'] = {
    postgres: () => postgresDaemon(postgres, 'postgres'),
    postgres2: () => postgresDaemon(postgres, 'postgres2'),
    ...(Object.fromEntries(SHARD_SERVERS.map((name) => [name, () => postgresDaemon(postgres, name)])) as Record<
      ShardServer,
      () => Daemon
    >),
    kafka: () => kafkaDaemon(kafka, 'kafka'),
    kafka2: () => kafkaDaemon(kafka, 'kafka2'),
    kafka3: () => kafkaDaemon(kafka, 'kafka3'),
    redis: () =>
      redisDaemon({
        ...{ ...where, folder: join(home, 'redis'), password: own.redis },
        ...{ watcherPassword: own.watcher, operatorPassword: own.redisOperator },
      }),
    nginx: () => nginxDaemon(edge()),
    ...watchingDaemons({
      ...{ ...where, home, password: own.watcher, alertWebhookUrl },
      shardExporters: () => ownServersOf(home).exporters,
    }),
    ...(Object.fromEntries(PROCESSES.map((spec) => [spec.name, () => bankDaemon(place, spec)])) as Record<
      (typeof PROCESSES)[number]['name'],
      () => Daemon
    >),
  };
  const up = async (name: StackServer): Promise<void> => {
    const daemon = daemons[name]();
    const startedAtMs = performance.now();
    const what = await startDaemon(home, daemon);
    progress(name, what === 'started' ? `${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s` : what);
  };
  return { daemons, place, postgres, kafka, shards, pair: { up, stop: (name) => stopServer(home, name) }, edge, up };
}

/** Where Kafka's jars, settings and data are. */
export function kafkaFolderOf(home: string): string {
  return join(home, 'kafka');
}
