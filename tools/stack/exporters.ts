import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase, sql } from '@florin/postgres';
import { writeTextPrivately } from '../secrets.ts';
import type { Daemon } from './daemon.ts';
import { NEEDED } from './packages.ts';
import type { StackPort, StackPorts } from './ports.ts';
import type { PostgresServer, ShardServer } from './postgres.ts';

interface ExporterPlace {
  readonly folder: string;
  readonly certs: string;
  readonly ports: StackPorts;
  /** Of the role and the user that look and change nothing. */
  readonly password: string;
}

export const EXPORTERS = [
  'postgresExporter',
  'postgres2Exporter',
  'redisExporter',
  'nginxExporter',
  'nodeExporter',
] as const satisfies readonly StackPort[];
/** Those of the servers of shards, in their order; each is there when its server is. */
export const SHARD_EXPORTERS = [
  'postgresShard1Exporter',
  'postgresShard2Exporter',
  'postgresShard3Exporter',
] as const satisfies readonly `${ShardServer}Exporter`[];
export type ShardExporter = (typeof SHARD_EXPORTERS)[number];
export type Exporter = (typeof EXPORTERS)[number] | ShardExporter;

/** Which job of Prometheus each is; the servers of PostgreSQL are one. */
export const EXPORTER_JOBS: Readonly<Record<Exporter, string>> = {
  postgresExporter: 'postgres',
  postgres2Exporter: 'postgres',
  postgresShard1Exporter: 'postgres',
  postgresShard2Exporter: 'postgres',
  postgresShard3Exporter: 'postgres',
  redisExporter: 'redis',
  nginxExporter: 'nginx',
  nodeExporter: 'node',
};

/** Who looks: a role of PostgreSQL and a user of Redis. */
export const WATCHER = 'watcher';
const POSTGRES_QUERIES = fileURLToPath(new URL('../../deploy/prometheus/postgres-queries.yml', import.meta.url));
const READY_MS = 10_000;
const PROBE_MS = 1_000;

/** What tells Prometheus of a server that can not say it itself. Each answers on loopback; what it asks is over TLS. */
export function exporterDaemon(place: ExporterPlace, name: Exporter): Daemon {
  mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  const port = place.ports[name];
  return {
    name,
    ...PROGRAMS[name](place, `127.0.0.1:${port}`),
    isReady: async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(PROBE_MS) });
      await answer.body?.cancel();
      return answer.status === 200;
    },
    readyMs: READY_MS,
  };
}

/** A role that may read what the server says of itself, and no table. The standby has it from the primary. */
export async function ensureWatcher(postgresUrl: string, password: string): Promise<void> {
  const database = openDatabase({ url: postgresUrl, applicationName: 'stack', poolSize: 1 });
  try {
    const found = await database.query(sql`SELECT FROM pg_roles WHERE rolname = ${WATCHER}`);
    if (found.length > 0) return;
    // A password of ours is letters, digits, - and _ only; CREATE ROLE takes no parameters.
    const text = `CREATE ROLE ${WATCHER} LOGIN CONNECTION LIMIT 10 PASSWORD '${password}' IN ROLE pg_monitor`;
    await database.query({ text, values: [] });
  } finally {
    await database.close();
  }
}

type Program = Pick<Daemon, 'command' | 'args' | 'env'>;

const PROGRAMS: Readonly<Record<Exporter, (place: ExporterPlace, address: string) => Program>> = {
  postgresExporter: postgresOf('postgres'),
  postgres2Exporter: postgresOf('postgres2'),
  postgresShard1Exporter: postgresOf('postgresShard1'),
  postgresShard2Exporter: postgresOf('postgresShard2'),
  postgresShard3Exporter: postgresOf('postgresShard3'),
  redisExporter: ({ certs, ports, password }, address) => ({
    command: NEEDED.redisExporter.program,
    args: [
      `-redis.addr=rediss://localhost:${ports.redis}`,
      `-redis.user=${WATCHER}`,
      `-tls-ca-cert-file=${join(certs, 'ca.pem')}`,
      `-tls-client-cert-file=${join(certs, 'watcher.pem')}`,
      `-tls-client-key-file=${join(certs, 'watcher-key.pem')}`,
      '-set-client-name=false',
      `-web.listen-address=${address}`,
    ],
    env: { REDIS_PASSWORD: password },
  }),
  nginxExporter: ({ ports }, address) => ({
    command: NEEDED.nginxExporter.program,
    args: [`-nginx.scrape-uri=http://127.0.0.1:${ports.nginxStatus}/status`, `-web.listen-address=${address}`],
  }),
  nodeExporter: (_, address) => ({
    command: NEEDED.nodeExporter.program,
    args: [
      '--collector.disable-defaults',
      ...['cpu', 'diskstats', 'filesystem', 'loadavg', 'meminfo', 'netdev'].map((name) => `--collector.${name}`),
      `--web.listen-address=${address}`,
    ],
  }),
};

function postgresOf(server: PostgresServer | ShardServer) {
  return ({ folder, certs, ports, password }: ExporterPlace, address: string): Program => {
    const passwordFile = join(folder, 'postgres-password');
    writeTextPrivately(passwordFile, password);
    return {
      command: NEEDED.postgresExporter.program,
      args: [
        '--disable-settings-metrics',
        `--extend.query-path=${POSTGRES_QUERIES}`,
        `--web.listen-address=${address}`,
      ],
      env: {
        DATA_SOURCE_URI: `localhost:${ports[server]}/postgres?sslmode=verify-full&sslrootcert=${join(certs, 'ca.pem')}`,
        DATA_SOURCE_USER: WATCHER,
        DATA_SOURCE_PASS_FILE: passwordFile,
      },
    };
  };
}
