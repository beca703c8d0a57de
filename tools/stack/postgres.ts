import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, sql, verifiedAddress } from '@florin/postgres';
import { writeTextPrivately } from '../secrets.ts';
import type { Daemon } from './daemon.ts';
import { NEEDED } from './packages.ts';
import type { StackPorts } from './ports.ts';
import {
  giveToPostgres,
  homeOf,
  makePostgresFolder,
  postgresUser,
  runPostgres,
  writeForPostgres,
} from './postgres-programs.ts';
import { archiveSettings } from './wal-archive.ts';

export interface PostgresPlace {
  readonly folder: string;
  readonly certs: string;
  readonly ports: StackPorts;
  /** Of the superuser, and of the role that the standby connects as. */
  readonly password: string;
}

/** Two servers; either may lead, and the other one follows it. */
export const POSTGRES_SERVERS = ['postgres', 'postgres2'] as const;
export type PostgresServer = (typeof POSTGRES_SERVERS)[number];
/** The servers of shards of the ledger that have one of their own: nobody follows them. */
export const SHARD_SERVERS = ['postgresShard1', 'postgresShard2', 'postgresShard3'] as const;
export type ShardServer = (typeof SHARD_SERVERS)[number];
/** Also the one that there is while the databases are taken back in time. */
export type AnyPostgres = PostgresServer | ShardServer | 'restoring';

const READY_MS = 120_000;
export const REPLICATOR = 'replicator';
/** What the primary knows the standby by: the name of its slot, and of its connection for synchronous commits. */
export const STANDBY_NAME = 'standby';

/** As much WAL as a standby may be behind before it is made anew, instead of filling the disk of the primary. */
const SLOT_WAL_MAX = '1GB';

/** A server of PostgreSQL 15, Debian's. Makes its data folder the first time: a new cluster, or a copy of the primary's. */
export function postgresDaemon(place: PostgresPlace, server: PostgresServer | ShardServer): Daemon {
  // It was copied from a server whose commits may wait for a standby, which goes before what is in files.
  const alone = isShardServer(server) ? ['-c', 'synchronous_standby_names='] : [];
  return {
    name: server,
    command: NEEDED.postgres.program,
    args: ['-D', dataOf(place, server), '-c', `config_file=${writeConfig(place, server)}`, ...alone],
    env: homeOf(place.folder),
    user: postgresUser(),
    isReady: () => answers(place, server),
    readyMs: READY_MS,
  };
}

/** Makes the data folder of a server if there is none: a new cluster, or a copy of the one that leads, which must run then. */
export function preparePostgres(place: PostgresPlace, server: PostgresServer, leader: PostgresServer): void {
  const data = dataOf(place, server);
  if (server !== leader) setFormerLeaderAside(data);
  if (hasData(data)) return;
  mkdirSync(place.folder, { recursive: true, mode: 0o711 });
  // What was left half made is made anew.
  rmSync(data, { recursive: true, force: true });
  makePostgresFolder(data);
  if (server === leader) makeCluster(place, data);
  else copyLeader(place, { data, leader });
}

/**
 * A server that led and ended does not know that another one leads now: it is never started as it was. What was committed
 * there alone, without a synchronous standby, is only there, so it is kept until the next time.
 */
function setFormerLeaderAside(data: string): void {
  if (!hasData(data) || hasData(data, 'standby.signal')) return;
  const aside = `${data}-left`;
  rmSync(aside, { recursive: true, force: true });
  renameSync(data, aside);
}

/** Whether a server has the data of a standby. */
export function isStandby(place: PostgresPlace, server: PostgresServer | ShardServer): boolean {
  return hasData(dataOf(place, server), 'standby.signal');
}

function isShardServer(server: string): server is ShardServer {
  return SHARD_SERVERS.some((one) => one === server);
}

function hasData(data: string, file = 'PG_VERSION'): boolean {
  return existsSync(join(data, file));
}

export function dataOf({ folder }: Pick<PostgresPlace, 'folder'>, server: AnyPostgres): string {
  return join(folder, server);
}

/** The superuser's address of a server, which holds it to its certificate. */
export function superuserUrl(
  { certs, ports, password }: PostgresPlace,
  server: AnyPostgres,
  database = 'postgres',
): string {
  return verifiedAddress(
    `postgresql://postgres:${password}@localhost:${ports[server]}/${database}`,
    join(certs, 'ca.pem'),
  );
}

function makeCluster(place: PostgresPlace, data: string): void {
  const passwordFile = join(place.folder, 'password');
  writeTextPrivately(passwordFile, place.password);
  giveToPostgres(passwordFile);
  const options = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--data-checksums'];
  runPostgres('initdb', ['-D', data, '--encoding=UTF8', '--locale=C.UTF-8', ...options]);
  rmSync(passwordFile);
}

/** Streams while it copies, so that what is written meanwhile is there as well; the slot keeps what comes after. */
function copyLeader(
  place: PostgresPlace,
  { data, leader }: { readonly data: string; readonly leader: PostgresServer },
): void {
  copyServer(place, { server: leader, as: STANDBY_NAME }, ['-D', data, '-R', '-S', STANDBY_NAME]);
}

/** Copies the data of a server that runs, with all of the log that belongs to it; known there under a name. */
export function copyServer(
  { certs, ports, password, folder }: PostgresPlace,
  { server, as }: { readonly server: PostgresServer; readonly as: string },
  args: readonly string[],
): void {
  const ca = join(folder, 'tls', 'ca.pem');
  copyFileSync(join(certs, 'ca.pem'), ca);
  giveToPostgres(ca);
  const from = `host=localhost port=${ports[server]} user=${REPLICATOR} password=${password} sslmode=verify-full sslrootcert=${ca} application_name=${as}`;
  runPostgres('pg_basebackup', ['-d', from, '-X', 'stream', '-c', 'fast', ...args]);
}

async function answers(place: PostgresPlace, server: AnyPostgres): Promise<boolean> {
  const database = openDatabase({ url: superuserUrl(place, server), applicationName: 'stack', poolSize: 1 });
  try {
    await database.query(sql`SELECT 1`);
    return true;
  } finally {
    await database.close();
  }
}

/** The settings of a server and who may connect; outside of the data folder, so that a copy of the data brings none along. */
export function writeConfig(place: PostgresPlace, server: PostgresServer | ShardServer): string {
  const { folder, certs, ports } = place;
  const tls = join(folder, 'tls');
  mkdirSync(tls, { recursive: true, mode: 0o711 });
  for (const file of ['postgres.pem', 'postgres-key.pem', 'ca.pem']) {
    // In one step: another server may be starting, and read it at this moment.
    const draft = join(tls, `${file}.new`);
    copyFileSync(join(certs, file), draft);
    giveToPostgres(draft);
    renameSync(draft, join(tls, file));
  }
  const hba = join(folder, 'pg_hba.conf');
  writeForPostgres(hba, clientsOf('127.0.0.1/32'));
  const file = join(folder, `${server}.conf`);
  const files = {
    hbaFile: hba,
    certificateFile: join(tls, 'postgres.pem'),
    keyFile: join(tls, 'postgres-key.pem'),
    caFile: join(tls, 'ca.pem'),
  };
  const address = { ...files, bind: '127.0.0.1', port: ports[server] };
  // The archive has one log: that of a shard's server leads elsewhere, under the same names.
  const archive = isShardServer(server) ? {} : archiveSettings(folder);
  writeForPostgres(file, settingsText({ ...postgresSettings(address), ...archive }));
  return file;
}

/** Where a server listens, and the files of its machine. */
interface PostgresAddress {
  readonly bind: string;
  readonly port: number;
  readonly hbaFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

type PostgresSettings = Readonly<Record<string, string | number>>;

/** The settings of a server that may lead or follow. */
export function postgresSettings({ bind, port, ...files }: PostgresAddress): PostgresSettings {
  const settings = {
    listen_addresses: `'${bind}'`,
    port,
    unix_socket_directories: "''",
    hba_file: `'${files.hbaFile}'`,
    max_connections: 300,
    max_prepared_transactions: 64,
    shared_buffers: '128MB',
    wal_level: 'replica',
    max_wal_senders: 10,
    max_slot_wal_keep_size: SLOT_WAL_MAX,
    hot_standby: 'on',
    // A reader on the standby does not hold up what it is sent for longer than this.
    max_standby_streaming_delay: '1s',
    ssl: 'on',
    ssl_cert_file: `'${files.certificateFile}'`,
    ssl_key_file: `'${files.keyFile}'`,
    ssl_ca_file: `'${files.caFile}'`,
  };
  return settings;
}

/** The text of a file of settings. */
export function settingsText(settings: PostgresSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

/** Who may connect: those with a password, over TLS, from `network`. */
export function clientsOf(network: string): string {
  return ['all all', `replication ${REPLICATOR}`].map((who) => `hostssl ${who} ${network} scram-sha-256\n`).join('');
}
