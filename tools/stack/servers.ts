import { join } from 'node:path';
import { pidOf, stopDaemon } from './daemon.ts';
import { SHARD_EXPORTERS } from './exporters.ts';
import { KAFKA_SERVERS } from './kafka.ts';
import { POSTGRES_SERVERS, SHARD_SERVERS } from './postgres.ts';
import { PROCESSES } from './processes.ts';
import { followerOf, leaderOf } from './replication.ts';
import { ownServersOf } from './shards.ts';
import { WATCHING } from './watching.ts';

/** Everything that runs, the servers first. */
export const SERVERS = [
  ...POSTGRES_SERVERS,
  ...SHARD_SERVERS,
  ...KAFKA_SERVERS,
  'redis',
  ...PROCESSES.map(({ name }) => name),
  'nginx',
  ...WATCHING,
  ...SHARD_EXPORTERS,
] as const;
export type StackServer = (typeof SERVERS)[number];

/** Which servers end together, and in which order: what others lean on ends after them. */
const ENDING: readonly (readonly StackServer[])[] = [
  ['nginx', ...WATCHING, ...SHARD_EXPORTERS],
  ['gateway', 'gateway2'],
  ['accounts', 'notifications', 'transactions', 'transactions2', 'users'],
  ['redis', ...KAFKA_SERVERS],
];

/** Ends every server of a stack. Answers the names of those that ran. */
export async function stopStack(home: string): Promise<readonly string[]> {
  const stopped: string[] = [];
  const postgres = { folder: join(home, 'postgres') };
  // In order, the one that leads sends the standby all it has before it goes.
  const groups = [...ENDING, [leaderOf(postgres), ...SHARD_SERVERS], [followerOf(postgres)]];
  for (const together of groups) {
    const ran = await Promise.all(together.map((name) => stopServer(home, name)));
    stopped.push(...together.filter((_, index) => ran[index]));
  }
  return stopped;
}

/** Ends one server as its makers want it ended. */
export function stopServer(home: string, name: StackServer): Promise<boolean> {
  // Fast shutdown: connections are cut, what is committed is kept. A "smart" one waits for those who never go.
  const signal = [...POSTGRES_SERVERS, ...SHARD_SERVERS].some((server) => server === name) ? 'SIGINT' : 'SIGTERM';
  return stopDaemon(home, name, { signal });
}

/** Which servers of a stack run, with their process ids; those of shards where there are any. */
export function statusOf(home: string): readonly { readonly name: StackServer; readonly pid: number | undefined }[] {
  const { servers, exporters } = ownServersOf(home);
  const absent = new Set<string>([...SHARD_SERVERS, ...SHARD_EXPORTERS]);
  for (const name of [...servers, ...exporters]) absent.delete(name);
  return SERVERS.map((name) => ({ name, pid: pidOf(home, name) })).filter(
    ({ name, pid }) => pid !== undefined || !absent.has(name),
  );
}
