import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@florin/observability';
import { systemClock } from '@florin/primitives';
import { startBank } from '../bank.ts';
import { prepareDatabases } from '../bank-databases.ts';
import { ensureCertificates } from '../development-certificates.ts';
import { loadSecrets, newSecret, writePrivately } from '../secrets.ts';
import { seedDemo } from '../seed.ts';
import { type Daemon, pidOf, startDaemon, stopDaemon } from './daemon.ts';
import { fetchKafka, kafkaDaemon } from './kafka.ts';
import { LEFT_OUT_SECONDS, nginxDaemon } from './nginx.ts';
import { install, NEEDED } from './packages.ts';
import { portsFrom, type StackPorts } from './ports.ts';
import { type PostgresPlace, postgresDaemon, preparePostgres, prepareReplication, superuserUrl } from './postgres.ts';
import { bankDaemon, PROCESSES, type ProcessPlace } from './processes.ts';
import { prometheusDaemon } from './prometheus.ts';
import { redisDaemon } from './redis.ts';

export interface StackOptions {
  /** Where everything is kept. */
  readonly home: string;
  /** The public port; the others follow (`ports.ts`). */
  readonly basePort: number;
  /** Without demo people and their three months. */
  readonly isEmpty: boolean;
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
  /** Starts a process or server of it again, after it was ended. */
  start(name: StackServer): Promise<void>;
  /** Ends a process as it wants to be ended, and starts it again. Where there are two, the other one does the work. */
  restart(name: StackServer): Promise<void>;
}

/** Everything that runs, the servers first. */
export const SERVERS = [
  'postgres',
  'standby',
  'kafka',
  'redis',
  ...PROCESSES.map(({ name }) => name),
  'nginx',
  'prometheus',
] as const;
export type StackServer = (typeof SERVERS)[number];

interface StackSecrets {
  readonly postgres: string;
  readonly redis: string;
}

/**
 * The bank as separate processes on the servers that banks run, all on loopback. What runs already stays as it is. Faults
 * `stack-package` and `stack-server` say in a sentence what is missing or did not start.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { home, progress } = options;
  install(Object.values(NEEDED));
  const kafkaFolder = join(home, 'kafka');
  mkdirSync(kafkaFolder, { recursive: true, mode: 0o711 });
  fetchKafka(kafkaFolder);
  progress('programs', 'are here');
  const { daemons, place, postgres } = await plan(options, kafkaFolder);
  const up = async (name: StackServer): Promise<void> => {
    const daemon = daemons[name]();
    const startedAtMs = performance.now();
    const what = await startDaemon(home, daemon);
    progress(name, what === 'started' ? `${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s` : what);
  };
  preparePostgres(postgres, 'postgres');
  await up('postgres');
  await prepareReplication(postgres);
  preparePostgres(postgres, 'standby');
  await Promise.all([up('standby'), up('kafka'), up('redis')]);
  place.databases = await prepareDatabases({ postgresUrl: superuserUrl(postgres), secrets: place.secrets });
  if (!options.isEmpty) await seed(options, place, postgres);
  // The ledgers are reached through it.
  await up('nginx');
  await Promise.all([...PROCESSES.map(({ name }) => name), 'prometheus' as const].map(up));
  const restart = async (name: StackServer): Promise<void> => {
    await stopServer(home, name);
    await up(name);
    // Until NGINX gives it work again: whoever ends the other one now would leave nobody.
    await sleep(2 * LEFT_OUT_SECONDS * 1_000);
  };
  return { publicUrl: place.publicUrl, ports: place.ports, start: up, restart };
}

/** Which servers end together, and in which order: what others lean on ends after them. */
const ENDING: readonly (readonly StackServer[])[] = [
  ['nginx', 'prometheus'],
  ['gateway', 'gateway2'],
  ['accounts', 'notifications', 'transactions', 'transactions2', 'users'],
  ['redis', 'kafka', 'standby'],
  ['postgres'],
];

/** Ends every server of a stack. Answers the names of those that ran. */
export async function stopStack(home: string): Promise<readonly string[]> {
  const stopped: string[] = [];
  for (const together of ENDING) {
    const ran = await Promise.all(together.map((name) => stopServer(home, name)));
    stopped.push(...together.filter((_, index) => ran[index]));
  }
  return stopped;
}

/** Ends one server as its makers want it ended. */
export function stopServer(home: string, name: StackServer): Promise<boolean> {
  // Fast shutdown: connections are cut, what is committed is kept. A "smart" one waits for those who never go.
  const signal = name === 'postgres' || name === 'standby' ? 'SIGINT' : 'SIGTERM';
  return stopDaemon(home, name, { signal });
}

/** Where the cache of a stack is, with the password of its one user. */
export function redisUrl(home: string, ports: StackPorts): string {
  return `rediss://florin:${stackSecrets(home).redis}@localhost:${ports.redis}`;
}

/** Which servers of a stack run, with their process ids. */
export function statusOf(home: string): readonly { readonly name: StackServer; readonly pid: number | undefined }[] {
  return SERVERS.map((name) => ({ name, pid: pidOf(home, name) }));
}

type Planned = { -readonly [Key in keyof ProcessPlace]: ProcessPlace[Key] };

async function plan({ home, basePort, environment = {} }: StackOptions, kafkaFolder: string) {
  const ports = portsFrom(basePort);
  const { folder: certs } = await ensureCertificates(home, { clock: systemClock });
  const own = stackSecrets(home);
  const postgres: PostgresPlace = { folder: join(home, 'postgres'), certs, ports, password: own.postgres };
  const place = {
    home,
    certs,
    ports,
    secrets: await loadSecrets(home),
    publicUrl: `https://localhost:${ports.edge}`,
    redisUrl: redisUrl(home, ports),
    environment,
  } as Planned;
  const daemons: Readonly<Record<StackServer, () => Daemon>> = {
    postgres: () => postgresDaemon(postgres, 'postgres'),
    standby: () => postgresDaemon(postgres, 'standby'),
    kafka: () => kafkaDaemon({ folder: kafkaFolder, certs, ports }),
    redis: () => redisDaemon({ folder: join(home, 'redis'), certs, ports, password: own.redis }),
    nginx: () => nginxDaemon({ folder: join(home, 'nginx'), certs, ports }),
    prometheus: () => prometheusDaemon({ folder: join(home, 'prometheus'), certs, ports }),
    ...(Object.fromEntries(PROCESSES.map((spec) => [spec.name, () => bankDaemon(place, spec)])) as Record<
      (typeof PROCESSES)[number]['name'],
      () => Daemon
    >),
  };
  return { daemons, place, postgres };
}

/** Fills the databases as `npm start` does, with the bank in this process for a moment, before its processes start. */
async function seed(
  options: StackOptions,
  { home, secrets, publicUrl }: Planned,
  postgres: PostgresPlace,
): Promise<void> {
  if (existsSync(join(home, 'demo-seeded'))) return;
  const bank = await startBank({
    postgresUrl: superuserUrl(postgres),
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

function stackSecrets(home: string): StackSecrets {
  const file = join(home, 'stack-secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const made = { postgres: newSecret(), redis: newSecret() };
  mkdirSync(home, { recursive: true, mode: 0o711 });
  writePrivately(file, made);
  return made;
}
