import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BankOptions, startBank } from '../bank.ts';
import { prepareDatabases, prepareFurtherShards } from '../bank-databases.ts';
import { seedDemo } from '../seed.ts';
import { pidOf } from './daemon.ts';
import { ensureWatcher } from './exporters.ts';
import { fetchKafka, formatKafka, makeTopics } from './kafka.ts';
import { LEFT_OUT_SECONDS, writeNginxConfig } from './nginx.ts';
import { install, NEEDED } from './packages.ts';
import { kafkaFolderOf, type Place, type Plan, planStack, type StackOptions } from './plan.ts';
import type { StackPorts } from './ports.ts';
import { type PostgresServer, superuserUrl } from './postgres.ts';
import { PROCESSES } from './processes.ts';
import { changeLeader, followerOf, leaderOf, startFollower, startLeader } from './replication.ts';
import { type StackServer, stopServer } from './servers.ts';
import { fence } from './shard-server.ts';
import { databaseOfShard, ownServersOf, refuseUnfinishedMove } from './shards.ts';
import { stackSecrets } from './stack-secrets.ts';
import { refuseUnfinished } from './unfinished-restore.ts';
import { WATCHING } from './watching.ts';

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

/**
 * The bank as separate processes on the servers that banks run, all on loopback. What runs already stays as it is. Faults
 * `stack-package` and `stack-server` say in a sentence what is missing or did not start.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { home, progress } = options;
  refuseUnfinished(home);
  refuseUnfinishedMove(home);
  install(Object.values(NEEDED));
  const kafkaFolder = kafkaFolderOf(home);
  mkdirSync(kafkaFolder, { recursive: true, mode: 0o711 });
  fetchKafka(kafkaFolder);
  progress('programs', 'are here');
  const planned = await planStack(options);
  const { place, postgres, kafka, shards, pair, up } = planned;
  await formatKafka(kafka);
  await startLeader(postgres, pair);
  const follow = () => startFollower(postgres, pair, options.isSynchronous);
  const own = ownServersOf(home);
  await Promise.all([follow(), ...[...own.servers, ...kafka.servers, 'redis' as const].map(up)]);
  await makeTopics(kafka);
  const postgresUrl = superuserUrl(postgres, leaderOf(postgres));
  await ensureWatcher(postgresUrl, stackSecrets(home).watcher);
  await keepFences(planned);
  const shardServers = new Map([...own.byShard].map(([shard, server]) => [shard, superuserUrl(postgres, server)]));
  const wanted = { postgresUrl, secrets: place.secrets, shards: shards.count, shardServers };
  [place.databases, place.furtherShards] = await Promise.all([prepareDatabases(wanted), prepareFurtherShards(wanted)]);
  if (!options.isEmpty) await seed(options, place, wanted);
  // The ledgers are reached through it, and so are the databases.
  await up('nginx');
  await Promise.all([...PROCESSES.map(({ name }) => name), ...WATCHING, ...own.exporters].map(up));
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
  refuseUnfinished(options.home);
  refuseUnfinishedMove(options.home);
  const planned = await planStack(options);
  await letStandbyLead(options.home, planned);
  options.progress(leaderOf(planned.postgres), 'leads');
  await startFollower(planned.postgres, planned.pair);
}

async function letStandbyLead(home: string, planned: Plan): Promise<void> {
  const { postgres, pair, edge } = planned;
  await changeLeader(postgres, pair);
  await keepFences(planned);
  writeNginxConfig(edge());
  const nginx = pidOf(home, 'nginx');
  if (nginx !== undefined) process.kill(nginx, 'SIGHUP');
}

/** Nobody gets into what a shard left behind on the server that leads, which may have been a standby that had not heard of it. */
async function keepFences({ place, postgres }: Plan): Promise<void> {
  for (const shard of place.shardServers.keys()) await fence({ place: postgres, database: databaseOfShard(shard) });
}

/** Fills the databases as `npm start` does, with the bank in this process for a moment, before its processes start. */
async function seed(
  options: StackOptions,
  { home, publicUrl }: Place,
  databases: Pick<BankOptions, 'postgresUrl' | 'secrets' | 'shards' | 'shardServers'>,
): Promise<void> {
  if (existsSync(join(home, 'demo-seeded'))) return;
  const bank = await startBank({
    ...databases,
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
