import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@florin/observability';
import { systemClock } from '@florin/primitives';
import { startBank } from '../bank.ts';
import { prepareDatabases } from '../bank-databases.ts';
import { ensureCertificates } from '../development-certificates.ts';
import { loadSecrets } from '../secrets.ts';
import { seedDemo } from '../seed.ts';
import { type Daemon, pidOf, startDaemon, stopDaemon } from './daemon.ts';
import { fetchKafka, kafkaDaemon } from './kafka.ts';
import { LEFT_OUT_SECONDS, type NginxPlace, nginxDaemon, writeNginxConfig } from './nginx.ts';
import { install, NEEDED } from './packages.ts';
import { portsFrom, type StackPorts } from './ports.ts';
import { POSTGRES_SERVERS, type PostgresPlace, type PostgresServer, postgresDaemon, superuserUrl } from './postgres.ts';
import { bankDaemon, PROCESSES, type ProcessPlace } from './processes.ts';
import { prometheusDaemon } from './prometheus.ts';
import { redisDaemon } from './redis.ts';
import { changeLeader, followerOf, leaderOf, type PairPorts, startFollower, startLeader } from './replication.ts';
import { serverSecrets } from './server-secrets.ts';

export interface StackOptions {
  /** Where everything is kept. */
  readonly home: string;
  /** The public port; the others follow (`ports.ts`). */
  readonly basePort: number;
  /** Without demo people and their three months. */
  readonly isEmpty: boolean;
  /** Nothing is acknowledged before the standby has it. */
  readonly isSynchronous?: boolean;
  /** Settings of the bank's processes on top. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly logger: Logger;
  /** Told of each step: its name, and what became of it. */
  progress(name: string, what: string): void;
}

/** Everything there is to start, and in which order servers are ended. */
export interface Stack {
  readonly publicUrl: string;
  readonly ports: StackPorts;
  /** Starts a process or server of it again, after it was ended; one of PostgreSQL as what it is now. */
  start(name: StackServer): Promise<void>;
  /** Ends a process as it wants to be ended, and starts it again. Where there are two, the other one does the work. */
  restart(name: StackServer): Promise<void>;
  /** Which server of PostgreSQL leads now. */
  leader(): PostgresServer;
  /** Ends the one that leads if it still runs, and lets the standby lead. `start` makes a standby of the other one. */
  failOver(): Promise<void>;
}

/** Everything that runs, the servers first. */
export const SERVERS = [
  ...POSTGRES_SERVERS,
  'kafka',
  'redis',
  ...PROCESSES.map(({ name }) => name),
  'nginx',
  'prometheus',
] as const;
export type StackServer = (typeof SERVERS)[number];

/**
 * The bank as separate processes on the servers that banks run, all on loopback. What runs already stays as it is. Faults
 * `stack-package` and `stack-server` say in a sentence what is missing or did not start.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { home, progress } = options;
  install(Object.values(NEEDED));
  const kafkaFolder = kafkaFolderOf(home);
  mkdirSync(kafkaFolder, { recursive: true, mode: 0o711 });
  fetchKafka(kafkaFolder);
  progress('programs', 'are here');
  const planned = await plan(options);
  const { place, postgres, pair, up } = planned;
  await startLeader(postgres, pair);
  const follow = () => startFollower(postgres, pair, options.isSynchronous);
  await Promise.all([follow(), up('kafka'), up('redis')]);
  const postgresUrl = superuserUrl(postgres, leaderOf(postgres));
  place.databases = await prepareDatabases({ postgresUrl, secrets: place.secrets });
  if (!options.isEmpty) await seed(options, place, postgresUrl);
  // The ledgers are reached through it, and so are the databases.
  await up('nginx');
  await Promise.all([...PROCESSES.map(({ name }) => name), 'prometheus' as const].map(up));
  const restart = async (name: StackServer): Promise<void> => {
    await stopServer(home, name);
    await up(name);
    // Until NGINX gives it work again: whoever ends the other one now would leave nobody.
    await sleep(2 * LEFT_OUT_SECONDS * 1_000);
  };
  return {
    publicUrl: place.publicUrl,
    ports: place.ports,
    start: (name) => (name === followerOf(postgres) ? follow() : up(name)),
    restart,
    leader: () => leaderOf(postgres),
    failOver: () => letStandbyLead(home, planned),
  };
}

/**
 * Lets the standby of PostgreSQL lead, whatever became of the one that led, and makes a standby of that. Needs nothing else of
 * a stack. `progress` is told when the bank writes again, and when there is a standby again.
 */
export async function failOver(options: StackOptions): Promise<void> {
  const planned = await plan(options);
  await letStandbyLead(options.home, planned);
  options.progress(leaderOf(planned.postgres), 'leads');
  await startFollower(planned.postgres, planned.pair);
}

async function letStandbyLead(home: string, { postgres, pair, edge }: Plan): Promise<void> {
  await changeLeader(postgres, pair);
  writeNginxConfig(edge());
  const nginx = pidOf(home, 'nginx');
  if (nginx !== undefined) process.kill(nginx, 'SIGHUP');
}

/** Which servers end together, and in which order: what others lean on ends after them. */
const ENDING: readonly (readonly StackServer[])[] = [
  ['nginx', 'prometheus'],
  ['gateway', 'gateway2'],
  ['accounts', 'notifications', 'transactions', 'transactions2', 'users'],
  ['redis', 'kafka'],
];

/** Ends every server of a stack. Answers the names of those that ran. */
export async function stopStack(home: string): Promise<readonly string[]> {
  const stopped: string[] = [];
  const postgres = { folder: join(home, 'postgres') };
  // In order, the one that leads sends the standby all it has before it goes.
  const groups = [...ENDING, [leaderOf(postgres)], [followerOf(postgres)]];
  for (const together of groups) {
    const ran = await Promise.all(together.map((name) => stopServer(home, name)));
    stopped.push(...together.filter((_, index) => ran[index]));
  }
  return stopped;
}

/** Ends one server as its makers want it ended. */
export function stopServer(home: string, name: StackServer): Promise<boolean> {
  // Fast shutdown: connections are cut, what is committed is kept. A "smart" one waits for those who never go.
  const signal = name === 'postgres' || name === 'postgres2' ? 'SIGINT' : 'SIGTERM';
  return stopDaemon(home, name, { signal });
}

/** The superuser's address of a server of PostgreSQL. */
export function postgresUrl(home: string, ports: StackPorts, server: PostgresServer): string {
  return superuserUrl(postgresPlace(home, ports), server);
}

function postgresPlace(home: string, ports: StackPorts): PostgresPlace {
  const certs = join(home, 'certs');
  return { folder: join(home, 'postgres'), certs, ports, password: serverSecrets(home).postgres };
}

/** Where the cache of a stack is, with the password of its one user. */
export function redisUrl(home: string, ports: StackPorts): string {
  return `rediss://florin:${serverSecrets(home).redis}@localhost:${ports.redis}`;
}

/** Which servers of a stack run, with their process ids. */
export function statusOf(home: string): readonly { readonly name: StackServer; readonly pid: number | undefined }[] {
  return SERVERS.map((name) => ({ name, pid: pidOf(home, name) }));
}

type Place = { -readonly [Key in keyof ProcessPlace]: ProcessPlace[Key] };

/** Where everything is and how it is started, before anything is. */
interface Plan {
  readonly daemons: Readonly<Record<StackServer, () => Daemon>>;
  readonly place: Place;
  readonly postgres: PostgresPlace;
  readonly pair: PairPorts;
  /** By which server of PostgreSQL leads now. */
  edge(): NginxPlace;
  up(name: StackServer): Promise<void>;
}

async function plan({ home, basePort, environment = {}, progress }: StackOptions): Promise<Plan> {
  const ports = portsFrom(basePort);
  const { folder: certs } = await ensureCertificates(home, { clock: systemClock });
  const own = serverSecrets(home);
  const postgres = postgresPlace(home, ports);
  const place = {
    home,
    certs,
    ports,
    secrets: await loadSecrets(home),
    publicUrl: `https://localhost:${ports.edge}`,
    redisUrl: redisUrl(home, ports),
    environment,
  } as Place;
  const edge = (): NginxPlace => ({
    ...{ folder: join(home, 'nginx'), certs, ports },
    ...{ primary: leaderOf(postgres), standby: followerOf(postgres) },
  });
  const daemons: Plan['daemons'] = {
    postgres: () => postgresDaemon(postgres, 'postgres'),
    postgres2: () => postgresDaemon(postgres, 'postgres2'),
    kafka: () => kafkaDaemon({ folder: kafkaFolderOf(home), certs, ports }),
    redis: () => redisDaemon({ folder: join(home, 'redis'), certs, ports, password: own.redis }),
    nginx: () => nginxDaemon(edge()),
    prometheus: () => prometheusDaemon({ folder: join(home, 'prometheus'), certs, ports }),
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
  return { daemons, place, postgres, pair: { up, stop: (name) => stopServer(home, name) }, edge, up };
}

function kafkaFolderOf(home: string): string {
  return join(home, 'kafka');
}

/** Fills the databases as `npm start` does, with the bank in this process for a moment, before its processes start. */
async function seed(options: StackOptions, { home, secrets, publicUrl }: Place, postgresUrl: string): Promise<void> {
  if (existsSync(join(home, 'demo-seeded'))) return;
  const bank = await startBank({
    postgresUrl,
    secrets,
    publicUrl,
    host: '127.0.0.1',
    port: 0,
    limits: {},
    mailUrl: `file:${join(home, 'mail')}`,
    logger: options.logger,
  });
  try {
    await seedDemo(bank, { home, publicUrl });
  } finally {
    await bank.close();
  }
  options.progress('demo data', 'is in');
}
