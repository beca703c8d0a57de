import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peerName } from '@florin/http';
import type { ServiceDatabase } from '@florin/postgres';
import { Agent, request } from 'undici';
import type { Secrets, StoredService } from '../secrets.ts';
import { keyFileOf, writePrivately } from '../secrets.ts';
import type { Daemon } from './daemon.ts';
import type { StackPort, StackPorts } from './ports.ts';
import type { ShardServer } from './postgres.ts';

/** What the processes of the bank are started with. */
export interface ProcessPlace {
  readonly home: string;
  readonly certs: string;
  readonly ports: StackPorts;
  readonly secrets: Secrets;
  /** Where a process finds its servers: their ports, or those of proxies in front of them. */
  readonly addresses: StackPorts;
  readonly databases: Readonly<Record<StoredService, ServiceDatabase>>;
  /** The databases of the ledger's shards from the second on. */
  readonly furtherShards: readonly ServiceDatabase[];
  /** Those that have a server of their own. */
  readonly shardServers: ReadonlyMap<number, ShardServer>;
  readonly publicUrl: string;
  readonly redisUrl: string;
  /** `host:port` of each. */
  readonly kafkaBrokers: readonly string[];
  /** Settings on top, for tests and benchmarks: raised limits. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A process of the stack: which program it runs, and its port. */
export interface BankProcessSpec {
  readonly name: Extract<StackPort, 'gateway' | 'gateway2' | StoredService | 'transactions2'>;
  readonly program: 'gateway' | StoredService;
}

/** In the order in which they are started; any order works. */
export const PROCESSES: readonly BankProcessSpec[] = [
  { name: 'users', program: 'users' },
  { name: 'transactions', program: 'transactions' },
  { name: 'transactions2', program: 'transactions' },
  { name: 'accounts', program: 'accounts' },
  { name: 'notifications', program: 'notifications' },
  { name: 'gateway', program: 'gateway' },
  { name: 'gateway2', program: 'gateway' },
];

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** On a busy machine, where seven of them start at once; on a quiet one it takes two seconds. */
const READY_MS = 180_000;
const READY_PROBE_MS = 2_000;

/** One process of the bank, ready when it says so on its internal port. */
export function bankDaemon(place: ProcessPlace, { name, program }: BankProcessSpec): Daemon {
  const folder = program === 'gateway' ? 'gateway' : join('services', program);
  const port = place.ports[name];
  return {
    name,
    command: process.execPath,
    args: [join(ROOT, folder, 'src', 'main.ts')],
    env: {
      ...common(place, program),
      ...keySettings(place.secrets, program),
      ...SETTINGS[program](place, port),
      ...place.environment,
    },
    isReady: () => isProcessReady(place, name),
    readyMs: READY_MS,
  };
}

/** Asks a process on its internal port, which must show the certificate that is its own. Rejects when there is no answer. */
async function isProcessReady(
  { certs, ports }: Pick<ProcessPlace, 'certs' | 'ports'>,
  name: BankProcessSpec['name'],
): Promise<boolean> {
  const program = PROCESSES.find((one) => one.name === name)?.program ?? 'gateway';
  const ca = readFileSync(join(certs, 'ca.pem'), 'utf8');
  const dispatcher = new Agent({ connect: { ca, servername: peerName(program) } });
  try {
    const { statusCode, body } = await request(`https://127.0.0.1:${ports[name] + 1}/health/ready`, {
      dispatcher,
      headersTimeout: READY_PROBE_MS,
    });
    await body.dump();
    return statusCode === 200;
  } finally {
    await dispatcher.destroy();
  }
}

function common(
  { home, certs, kafkaBrokers }: ProcessPlace,
  program: BankProcessSpec['program'],
): Record<string, string> {
  return {
    FLORIN_ENV: 'development',
    FLORIN_HOST: '127.0.0.1',
    // Each process reads some hundred modules of TypeScript; compiled once for all, they start in three quarters of the time.
    NODE_COMPILE_CACHE: join(home, 'compile-cache'),
    FLORIN_PEER_CERTIFICATE_FILE: join(certs, `${program}.pem`),
    FLORIN_PEER_KEY_FILE: join(certs, `${program}-key.pem`),
    FLORIN_PEER_CA_FILE: join(certs, 'ca.pem'),
    FLORIN_POSTGRES_CA_FILE: join(certs, 'ca.pem'),
    FLORIN_KAFKA_BROKERS: kafkaBrokers.join(','),
  };
}

type Settings = (place: ProcessPlace, port: number) => Record<string, string>;

const SETTINGS: Readonly<Record<BankProcessSpec['program'], Settings>> = {
  users: (place, port) => ({
    FLORIN_USERS_PORT: String(port),
    FLORIN_PUBLIC_URL: place.publicUrl,
    FLORIN_ACCOUNTS_URL: addressOf(place, 'accounts'),
    FLORIN_KEY_FILE: keyFileOf(place.home, 'users'),
    FLORIN_MAIL_URL: `file:${join(place.home, 'mail')}`,
    ...databaseOf(place, 'users'),
  }),
  transactions: (place, port) => ({
    FLORIN_TRANSACTIONS_PORT: String(port),
    FLORIN_USERS_URL: addressOf(place, 'users'),
    ...databaseOf(place, 'transactions'),
    ...standbyOf(place, 'transactions'),
  }),
  accounts: (place, port) => ({
    FLORIN_ACCOUNTS_PORT: String(port),
    FLORIN_USERS_URL: addressOf(place, 'users'),
    FLORIN_TRANSACTIONS_URL: addressOf(place, 'ledgers'),
    FLORIN_REDIS_URL: place.redisUrl,
    ...databaseOf(place, 'accounts'),
    ...standbyOf(place, 'accounts'),
  }),
  notifications: (place, port) => ({
    FLORIN_NOTIFICATIONS_PORT: String(port),
    FLORIN_KEY_FILE: keyFileOf(place.home, 'notifications'),
    ...databaseOf(place, 'notifications'),
  }),
  gateway: (place, port) => ({
    FLORIN_PORT: String(port),
    FLORIN_PUBLIC_URL: place.publicUrl,
    FLORIN_USERS_URL: addressOf(place, 'users'),
    FLORIN_ACCOUNTS_URL: addressOf(place, 'accounts'),
    FLORIN_TRANSACTIONS_URL: addressOf(place, 'ledgers'),
    FLORIN_TRANSACTIONS_HEALTH_URL: `https://127.0.0.1:${place.ports.transactions + 1}/health/ready`,
    FLORIN_NOTIFICATIONS_URL: addressOf(place, 'notifications'),
    FLORIN_WEB_FOLDER: join(ROOT, 'clients', 'web', 'dist'),
    FLORIN_INTERNAL_KEY_FILE: internalKeyFile(place),
    FLORIN_TRUSTED_PROXIES: '127.0.0.1',
    FLORIN_REDIS_URL: place.redisUrl,
  }),
};

/** By the address of the primary, whichever server that is. */
function databaseOf(place: ProcessPlace, service: StoredService): Record<string, string> {
  const urlsOf = (role: keyof ServiceDatabase) => urls(place, service, role, place.addresses.primary);
  return databaseSettings(service, { runtimeUrl: urlsOf('runtimeUrl'), ownerUrl: urlsOf('ownerUrl') });
}

function standbyOf(place: ProcessPlace, service: StoredService): Record<string, string> {
  return standbySettings(service, urls(place, service, 'runtimeUrl', place.addresses.standby));
}

/** The database of a service; of the ledger those of all shards, in their order. The server of a shard has no standby. */
function urls(place: ProcessPlace, service: StoredService, role: keyof ServiceDatabase, port: number): string {
  if (service !== 'transactions') return atPort(place.databases[service][role], port);
  const portOf = (shard: number): number => {
    const own = place.shardServers.get(shard);
    return own === undefined ? port : place.addresses[own];
  };
  return [place.databases.transactions, ...place.furtherShards]
    .map((database, shard) => atPort(database[role], portOf(shard)))
    .join(' ');
}

/** Where a service's database is, as its process is told. */
export function databaseSettings(
  service: StoredService,
  { runtimeUrl, ownerUrl }: Pick<ServiceDatabase, 'runtimeUrl' | 'ownerUrl'>,
): Record<string, string> {
  const name = service.toUpperCase();
  return { [`FLORIN_${name}_DATABASE_URL`]: runtimeUrl, [`FLORIN_${name}_OWNER_URL`]: ownerUrl };
}

/** The keys that a process is given in its settings, wherever it runs; others are in files. */
export function keySettings(secrets: Secrets, program: BankProcessSpec['program']): Record<string, string> {
  if (program === 'gateway') return {};
  const keys = Object.values(secrets.internalKeys).map((key) => key.publicJwk);
  // Notifications asks nobody, so it signs nothing.
  const own =
    program === 'notifications'
      ? {}
      : { [`FLORIN_${program.toUpperCase()}_PRIVATE_JWK`]: privateJwkOf(secrets, program) };
  const users =
    program === 'users'
      ? { FLORIN_USERS_KEY: secrets.usersKey, FLORIN_USERS_COOKIE_KEYS: secrets.cookieKeys.join(',') }
      : {};
  return { FLORIN_INTERNAL_JWKS: JSON.stringify({ keys }), ...own, ...users };
}

/** Where a service reads what may be read from the standby, as its process is told. */
export function standbySettings(service: StoredService, runtimeUrl: string): Record<string, string> {
  return { [`FLORIN_${service.toUpperCase()}_STANDBY_URL`]: runtimeUrl };
}

function atPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

function addressOf({ addresses }: ProcessPlace, name: StackPort): string {
  return `https://127.0.0.1:${addresses[name]}`;
}

function privateJwkOf(secrets: Secrets, service: StoredService): string {
  return JSON.stringify(secrets.internalKeys[service]?.privateJwk);
}

function internalKeyFile({ home, secrets }: ProcessPlace): string {
  const file = join(home, 'keys', 'gateway-internal.json');
  writePrivately(file, secrets.internalKeys['gateway']?.privateJwk);
  return file;
}
