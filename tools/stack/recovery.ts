import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, sql } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import { signEverybodyOut } from '@florin/users';
import { type Backup, checkBackup } from './backup.ts';
import { type Daemon, startDaemon, stopDaemon } from './daemon.ts';
import { NEEDED } from './packages.ts';
import { dataOf, POSTGRES_SERVERS, type PostgresPlace, superuserUrl, writeConfig } from './postgres.ts';
import { homeOf, postgresUser, writeForPostgres } from './postgres-programs.ts';
import { leaderOf } from './replication.ts';
import { fetchWalCommand } from './wal-archive.ts';

const RESTORING = 'restoring';
/** A day of a busy bank's log is gone through in some minutes. */
const RECOVERY_MS_MAX = 4 * 3_600_000;
const STOP_MS_MAX = 60_000;

/**
 * Makes the data of a server as it was at the end of a millisecond: a copy of a backup that goes through the log up to there, and
 * in which nobody is signed in. It is left ended, in `restoring`, with everything else as it was. Faults with `stack-server` when
 * the log does not lead there.
 */
export async function recover(place: PostgresPlace, home: string, backup: Backup, toMs: number): Promise<void> {
  const data = dataOf(place, RESTORING);
  checkBackup(backup.folder);
  await dropRestoring(place, home);
  const { status, stderr } = spawnSync('cp', ['-a', backup.folder, data], { encoding: 'utf8' });
  if (status !== 0) throw new Fault('stack-server', `the backup could not be copied: ${stderr.trim()}`);
  writeForPostgres(join(data, 'recovery.signal'), '');
  try {
    await startDaemon(home, restoringDaemon(place, data, toMs));
    const users = openDatabase({
      url: superuserUrl(place, RESTORING, 'florin_users'),
      applicationName: 'stack',
      poolSize: 1,
    });
    await signEverybodyOut(users).finally(() => users.close());
    await stopRestoring(home);
  } catch (error) {
    await dropRestoring(place, home);
    throw error;
  }
}

/** Ends a server that an interrupted restore left, and deletes its data. */
async function dropRestoring(place: PostgresPlace, home: string): Promise<void> {
  await stopRestoring(home);
  rmSync(dataOf(place, RESTORING), { recursive: true, force: true });
}

async function stopRestoring(home: string): Promise<void> {
  await stopDaemon(home, RESTORING, { signal: 'SIGINT', graceMs: STOP_MS_MAX });
}

/** Settings on the command line go before those that came with the backup. */
function restoringDaemon(place: PostgresPlace, data: string, toMs: number): Daemon {
  const ended = POSTGRES_SERVERS.map((server) => dataOf(place, server));
  const settings = {
    config_file: writeConfig(place, leaderOf(place)),
    port: place.ports.restoring,
    restore_command: fetchWalCommand(place.folder, [...ended, ...ended.map(undoneOf)]),
    recovery_target_time: endOfMillisecond(toMs),
    recovery_target_action: 'promote',
    // Nobody follows it.
    synchronous_standby_names: '',
  };
  return {
    name: RESTORING,
    command: NEEDED.postgres.program,
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: homeOf(place.folder),
    user: postgresUser(),
    isReady: () => leads(place),
    readyMs: RECOVERY_MS_MAX,
  };
}

/** Where the data of a server that led before a restore is kept. */
export function undoneOf(data: string): string {
  return `${data}-undone`;
}

/**
 * PostgreSQL counts microseconds and the times of events are in milliseconds, cut off. With all of that millisecond what was
 * committed until the moment is exactly what can have been published until it. The offset is a number: names of zones are not known yet
 * when settings are read.
 */
function endOfMillisecond(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '999+00');
}

async function leads(place: PostgresPlace): Promise<boolean> {
  const database = openDatabase({ url: superuserUrl(place, RESTORING), applicationName: 'stack', poolSize: 1 });
  try {
    const [state] = await database.query<{ isLeading: boolean }>(sql`SELECT NOT pg_is_in_recovery() AS "isLeading"`);
    return state?.isLeading === true;
  } finally {
    await database.close();
  }
}
