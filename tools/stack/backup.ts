import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, Fault } from '@florin/primitives';
import { planStack, type StackOptions } from './plan.ts';
import { copyServer, type PostgresPlace } from './postgres.ts';
import { makePostgresFolder, runPostgres } from './postgres-programs.ts';
import { leaderOf } from './replication.ts';
import { refuseOwnServers, refuseUnfinishedMove } from './shards.ts';
import { archiveOf, openArchive } from './wal-archive.ts';

/** One a day keeps a week. What is older goes with the log that only it needs. */
const BACKUPS_KEPT = 7;

/** A copy of the whole cluster of databases. */
export interface Backup {
  /** When it was whole: it can be taken back to this moment, and with the log to any later one. */
  readonly madeAtMs: number;
  readonly folder: string;
}

/** Takes a backup of a stack that runs. Faults with `stack-server`. */
export async function backUp(options: StackOptions, clock: Clock): Promise<void> {
  refuseUnfinishedMove(options.home);
  refuseOwnServers(options.home);
  const { postgres } = await planStack(options);
  const { folder } = takeBackup(postgres, clock);
  options.progress('backup', folder);
}

/**
 * Copies the server that leads while it works, checks the copy, and from then on keeps the log that leads on from it. Answers the
 * copy. Faults with `stack-server`, and leaves what was there as it was.
 */
function takeBackup(place: PostgresPlace, clock: Clock): Backup {
  const { folder } = place;
  openArchive(folder);
  const draft = join(backupsOf(folder), 'draft');
  makePostgresFolder(backupsOf(folder));
  rmSync(draft, { recursive: true, force: true });
  makePostgresFolder(draft);
  copyServer(place, { server: leaderOf(place), as: 'backup' }, ['-D', draft]);
  checkBackup(draft);
  const madeAtMs = clock();
  const made = join(backupsOf(folder), new Date(madeAtMs).toISOString());
  renameSync(draft, made);
  forgetOldBackups(folder);
  return { madeAtMs, folder: made };
}

/** Compares every file with the manifest of the copy. */
export function checkBackup(folder: string): void {
  runPostgres('pg_verifybackup', ['--quiet', folder]);
}

/** The backups there are, the newest first. */
export function listBackups(folder: string): readonly Backup[] {
  if (!existsSync(backupsOf(folder))) return [];
  return readdirSync(backupsOf(folder))
    .flatMap((name) => {
      const madeAtMs = Date.parse(name);
      return Number.isNaN(madeAtMs) ? [] : [{ madeAtMs, folder: join(backupsOf(folder), name) }];
    })
    .sort((left, right) => right.madeAtMs - left.madeAtMs);
}

/** Those that were made of what a restore undid lead nowhere: they are no longer listed, and go when their turn comes. */
export function setBackupsAside(folder: string, sinceMs: number): void {
  for (const backup of listBackups(folder)) {
    if (backup.madeAtMs > sinceMs) renameSync(backup.folder, `${backup.folder}${UNDONE}`);
  }
}

const UNDONE = '.undone';

function forgetOldBackups(folder: string): void {
  const kept = listBackups(folder).slice(0, BACKUPS_KEPT);
  const oldest = kept.at(-1);
  if (oldest === undefined) return;
  for (const name of readdirSync(backupsOf(folder))) {
    if (Date.parse(name.replace(UNDONE, '')) < oldest.madeAtMs)
      rmSync(join(backupsOf(folder), name), { recursive: true });
  }
  // Looks at the place in the log alone, so that the segments of every timeline from there on stay.
  runPostgres('pg_archivecleanup', [archiveOf(folder), firstSegmentOf(oldest)]);
}

/** The first segment of the log that a backup needs, as its label says. */
function firstSegmentOf({ folder }: Backup): string {
  const [, segment] =
    /^START WAL LOCATION: .* \(file ([0-9A-F]{24})\)$/m.exec(readFileSync(join(folder, 'backup_label'), 'utf8')) ?? [];
  if (segment === undefined) throw new Fault('stack-server', `the backup ${folder} does not say where its log begins`);
  return segment;
}

function backupsOf(folder: string): string {
  return join(folder, 'backups');
}
