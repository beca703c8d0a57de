import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, sql } from '@florin/postgres';
import { type Clock, Fault } from '@florin/primitives';
import { writePrivately } from '../secrets.ts';
import { type Backup, listBackups, setBackupsAside } from './backup.ts';
import { brokerDataOf, formatKafka, kafkaConnection, makeTopics } from './kafka.ts';
import { type Plan, planStack, type StackOptions } from './plan.ts';
import { dataOf, type PostgresPlace, superuserUrl } from './postgres.ts';
import { recover, undoneOf } from './recovery.ts';
import { followerOf, leaderOf } from './replication.ts';
import { stopServer, stopStack } from './servers.ts';
import { refuseOwnServers, refuseUnfinishedMove } from './shards.ts';
import { startStack } from './stack.ts';
import { publishKept, type WrittenDown, writeDownEvents } from './stored-topics.ts';
import { noteFinished, noteUnfinished, restoreFolder, unfinishedRestore } from './unfinished-restore.ts';

/** RFC 3339, to the millisecond. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Takes the whole bank back to a moment: its databases, and the events that were published until then. What came after is kept
 * aside and undone. Everybody is signed out. Faults with `stack-restore` before anything is changed when the moment can not be
 * had, with `stack-server` when the log does not lead there; interrupted later on, it is to be called again with the same moment.
 */
export async function restore(options: StackOptions, to: string, clock: Clock): Promise<void> {
  const { home, progress } = options;
  const toMs = MOMENT.test(to) ? Date.parse(to) : Number.NaN;
  if (Number.isNaN(toMs)) throw refusal(`${to} is no time as in 2026-11-27T09:30:00Z`);
  refuseUnfinishedMove(home);
  refuseOwnServers(home);
  const planned = await planStack(options);
  const unfinished = unfinishedRestore(home);
  if (unfinished === undefined) await prepare(options, planned, to, clock);
  else if (Date.parse(unfinished.to) !== toMs) throw refusal(`the restore to ${unfinished.to} is to be finished first`);
  putInPlace(home, planned.postgres);
  await putTopicsInPlace(options, planned, to);
  rememberRestore(home, { toMs, atMs: clock() });
  noteFinished(home);
  rmSync(join(restoreFolder(home), 'kept.jsonl'), { force: true });
  progress('the past', `is in place: ${to}`);
  await startStack({ ...options, isEmpty: true });
}

/** Everything that can fail without a trace: afterwards the databases and events of the past lie ready, and the bank is ended. */
async function prepare(options: StackOptions, planned: Plan, to: string, clock: Clock): Promise<void> {
  const { home, progress } = options;
  const { postgres, place, kafka } = planned;
  const toMs = Date.parse(to);
  const backup = backupFor(home, postgres, toMs, clock());
  await endLog(postgres);
  await stopStack(home);
  progress('the bank', 'is ended');
  progress('backup', `of ${new Date(backup.madeAtMs).toISOString()}`);
  await recover(postgres, home, backup, toMs);
  progress('databases', `are as they were at ${to}; nobody is signed in`);
  mkdirSync(restoreFolder(home), { recursive: true, mode: 0o700 });
  await startKafka(planned);
  const connection = kafkaConnection(place, kafka.servers);
  const found = await writeDownEvents(connection, { folder: restoreFolder(home), toMs, nowMs: clock() });
  await stopKafka(home, planned);
  tell(found, progress);
  noteUnfinished(home, { to, areTopicsAside: false });
}

function tell({ kept, undone, erased }: WrittenDown, progress: StackOptions['progress']): void {
  progress(
    'events',
    `${kept} are kept; undone: ${[...undone].map(([topic, count]) => `${count} ${topic}`).join(', ') || 'none'}`,
  );
  for (const personId of erased) progress('erase again', personId);
}

/** The newest backup from before a moment. */
function backupFor(home: string, { folder }: PostgresPlace, toMs: number, nowMs: number): Backup {
  if (toMs >= nowMs) throw refusal('that time has not come yet');
  const undone = restoresOf(home).find((one) => one.toMs < toMs && toMs < one.atMs);
  if (undone !== undefined) {
    throw refusal(`what happened then was undone by the restore to ${new Date(undone.toMs).toISOString()}`);
  }
  const backup = listBackups(folder).find(({ madeAtMs }) => madeAtMs <= toMs);
  if (backup === undefined)
    throw refusal('there is no backup from before that time: npm run stack -- backup makes them');
  return backup;
}

/** A transaction after the moment: PostgreSQL finds the end of a time only by what came after. A primary that is dead can not say so. */
async function endLog(postgres: PostgresPlace): Promise<void> {
  const url = superuserUrl(postgres, leaderOf(postgres));
  const database = openDatabase({ url, applicationName: 'stack', poolSize: 1 });
  try {
    await database.query(sql`SELECT pg_current_xact_id()`);
  } catch (error) {
    if (!(error instanceof Fault && error.retryable)) throw error;
  } finally {
    await database.close();
  }
}

/** Puts the databases of the past where those that led were, which are kept aside. The standby is made anew of them. */
function putInPlace(home: string, postgres: PostgresPlace): void {
  const [data, restoring] = [dataOf(postgres, leaderOf(postgres)), dataOf(postgres, 'restoring')];
  if (existsSync(restoring)) {
    setAside(data);
    renameSync(restoring, data);
  }
  rmSync(dataOf(postgres, followerOf(postgres)), { recursive: true, force: true });
  setBackupsAside(postgres.folder, Date.parse(unfinishedRestore(home)?.to ?? ''));
}

/** What is there is kept until the next restore. Interrupted, it has either not begun or is done. */
function setAside(data: string): void {
  if (!existsSync(data)) return;
  rmSync(undoneOf(data), { recursive: true, force: true });
  renameSync(data, undoneOf(data));
}

/** New topics, with the events of the past in them and no position of any group: every reader begins with the oldest. */
async function putTopicsInPlace({ home }: StackOptions, planned: Plan, to: string): Promise<void> {
  const { place, kafka } = planned;
  await stopKafka(home, planned);
  const folders = kafka.servers.map((server) => brokerDataOf(kafka.folder, server));
  if (unfinishedRestore(home)?.areTopicsAside !== true) for (const data of folders) setAside(data);
  noteUnfinished(home, { to, areTopicsAside: true });
  for (const data of folders) rmSync(data, { recursive: true, force: true });
  await formatKafka(kafka);
  await startKafka(planned);
  await publishKept(kafkaConnection(place, kafka.servers), restoreFolder(home));
}

/** All brokers: one of three alone leads nothing. */
async function startKafka({ kafka, up }: Plan): Promise<void> {
  await Promise.all(kafka.servers.map(up));
  await makeTopics(kafka);
}

async function stopKafka(home: string, { kafka }: Plan): Promise<void> {
  await Promise.all(kafka.servers.map((server) => stopServer(home, server)));
}

/** Restores that were done: what lay between the two times is gone. */
interface Restored {
  readonly toMs: number;
  readonly atMs: number;
}

function restoresOf(home: string): readonly Restored[] {
  const file = join(restoreFolder(home), 'restores.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

function rememberRestore(home: string, restored: Restored): void {
  writePrivately(join(restoreFolder(home), 'restores.json'), [...restoresOf(home), restored]);
}

function refusal(sentence: string): Fault {
  return new Fault('stack-restore', sentence);
}
