import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@florin/primitives';
import { CONNECT_TIMEOUT_MS } from './client-options.ts';
import { reachableBinaries } from './embedded-binaries.ts';
import { prepareCluster, SERVER_ENVIRONMENT, SUPERUSER } from './embedded-cluster.ts';
import { outputFault, portInUse, serverFailed, startFault } from './embedded-fault.ts';
import { type FolderLock, lockFolder } from './embedded-lock.ts';
import { makeFolder, type Place, preparePlace } from './embedded-place.ts';
import {
  isAnotherProgram,
  livePostmaster,
  type Postmaster,
  readPidFile,
  stopPostmaster,
} from './embedded-postmaster.ts';
import { serverArguments } from './embedded-settings.ts';
import { withClient } from './service-database.ts';

export interface EmbeddedPostgresOptions {
  /** A folder of its own for the server; made if it is missing. */
  readonly dataFolder: string;
  /** Any free one unless told otherwise. */
  readonly port?: number;
  readonly logger?: { info(message: string): void };
  /** For tests only: nothing is forced to the disk. */
  readonly fast?: boolean;
}

export interface EmbeddedPostgres {
  /** The superuser's address of the database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** A server left over from a start that was killed was still running, and is used on. */
  readonly adopted: boolean;
  /** Where the server keeps its data. */
  readonly dataFolder: string;
  /** Stops the server, within 4 seconds whatever happens. Can be called twice. */
  stop(): Promise<void>;
}

/** After a crash the log is replayed before the first connection; 2 GB of it take a minute on a slow disk. */
const START_TIMEOUT_MS = 180_000;
const SAY_SO_AFTER_MS = 5_000;
const POLL_MS = 5;
/** The processes of a killed server need a moment to notice; a free port may be taken under our hands. */
const ATTEMPTS_MAX = 20;
const ATTEMPT_PAUSE_MS = 250;
const LOG_BYTES_MAX = 5_000_000;
const LOG_TAIL_BYTES = 20_000;

/**
 * Starts the embedded PostgreSQL 18 on 127.0.0.1, or adopts the one that still runs on this folder. The server is a
 * process group of its own, so Ctrl-C reaches us and not it: it is stopped last.
 * Faults, each one sentence: `port-in-use`, `data-version`, `data-not-writable`, `disk-full`, `already-running`,
 * `password-missing`, `binaries-missing`, `no-account`, `server-failed`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    const place = preparePlace(options.dataFolder);
    const lock = await lockFolder(place.folder);
    try {
      return await startLocked(place, options, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw startFault(error, options.dataFolder);
  }
}

async function startLocked(
  place: Place,
  options: EmbeddedPostgresOptions,
  lock: FolderLock,
): Promise<EmbeddedPostgres> {
  if (!place.data.startsWith(place.folder)) {
    makeFolder(place.elsewhere);
    options.logger?.info(`PostgreSQL keeps its data in ${place.data}, since its user could not reach ${place.folder}.`);
  }
  const native = await reachableBinaries(place.installed, place.account, place.elsewhere);
  const password = await prepareCluster(place, native, options.fast === true);
  const found = await adopt(place, native, password, options);
  const server = found ?? (await launch(place, native, options));
  return {
    url: urlOf(server.port, password),
    port: server.port,
    pid: server.pid,
    adopted: found !== undefined,
    dataFolder: place.data,
    stop: onceOnly(async () => {
      await stopPostmaster(server.pid, place.data);
      await lock.release();
    }),
  };
}

/** A server an earlier start left behind is used on when it answers and was started just as we would; else it stops. */
async function adopt(
  place: Place,
  native: string,
  password: string,
  options: EmbeddedPostgresOptions,
): Promise<Postmaster | undefined> {
  const found = livePostmaster(place.data);
  if (found === undefined) {
    // The number of a dead server may belong to another program by now, which the server takes for a rival.
    const written = readPidFile(place.data);
    if (written !== undefined && isAnotherProgram(written.pid))
      rmSync(join(place.data, 'postmaster.pid'), { force: true });
    return undefined;
  }
  const wanted = commandLine(place, native, options.port ?? found.port, options);
  const startedAs = readFileSync(join(place.data, 'postmaster.opts'), 'utf8').trim();
  if (found.ready && startedAs === wanted && (await answers(urlOf(found.port, password)))) return found;
  await stopPostmaster(found.pid, place.data);
  return undefined;
}

/** postmaster.opts holds the command line, each argument in quotes. */
function commandLine(place: Place, native: string, port: number, options: EmbeddedPostgresOptions): string {
  const quoted = serverArguments(place.data, port, options.fast === true).map((argument) => `"${argument}"`);
  return [join(native, 'bin', 'postgres'), ...quoted].join(' ');
}

async function launch(place: Place, native: string, options: EmbeddedPostgresOptions): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(options.port ?? 0);
    const log = openLog(place.logFile);
    try {
      const { uid, gid } = place.account ?? {};
      const child = spawn(join(native, 'bin', 'postgres'), serverArguments(place.data, port, options.fast === true), {
        ...(uid === undefined || gid === undefined ? {} : { uid, gid }),
        cwd: '/',
        detached: true,
        env: SERVER_ENVIRONMENT,
        stdio: ['ignore', log.descriptor, log.descriptor],
      });
      const output = await untilReady(child, place, log, options.logger);
      if (output === undefined) return { pid: child.pid ?? 0, port, ready: true };
      const passing = /pre-existing shared memory block|lock file .* already exists/.test(output);
      const lostRace = options.port === undefined && /Address already in use/.test(output);
      if (attempt >= ATTEMPTS_MAX || !(passing || lostRace)) {
        throw outputFault(output, place.folder, port) ?? serverFailed(output, place.logFile);
      }
    } finally {
      closeSync(log.descriptor);
    }
    await sleep(ATTEMPT_PAUSE_MS);
  }
}

/** Waits until the server says it is ready. Answers what it wrote when it ended instead. */
async function untilReady(
  child: ChildProcess,
  place: Place,
  log: Log,
  logger: EmbeddedPostgresOptions['logger'],
): Promise<string | undefined> {
  let ended = false;
  let failure: Error | undefined;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', (error) => {
    failure = error;
  });
  child.unref();
  const started = performance.now();
  let said = false;
  while (performance.now() - started < START_TIMEOUT_MS) {
    if (failure !== undefined) throw failure;
    if (ended) return tailOf(place.logFile, log.offset);
    const server = readPidFile(place.data);
    if (server?.pid === child.pid && server?.ready) return undefined;
    if (!said && performance.now() - started > SAY_SO_AFTER_MS) {
      said = true;
      logger?.info('PostgreSQL is still starting: it replays its log after a crash.');
    }
    await sleep(POLL_MS);
  }
  if (child.pid !== undefined) await stopPostmaster(child.pid, place.data);
  throw new Fault(
    'server-failed',
    `PostgreSQL was not ready after ${START_TIMEOUT_MS / 1_000} s (log: ${place.logFile}).`,
  );
}

/** The wanted port of the loopback address if it is free; 0 means any. */
async function freePort(port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? portInUse(port) : error);
    });
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

interface Log {
  readonly descriptor: number;
  /** Where this start begins. */
  readonly offset: number;
}

/** The log of the server; the one before is kept when it grew big. */
function openLog(file: string): Log {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, 'a', 0o600);
  return { descriptor, offset: fstatSync(descriptor).size };
}

function tailOf(file: string, offset: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(LOG_TAIL_BYTES);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, LOG_TAIL_BYTES, offset));
  } finally {
    closeSync(descriptor);
  }
}

async function answers(url: string): Promise<boolean> {
  return withClient(url, (client) => client.query('select 1'), CONNECT_TIMEOUT_MS).then(
    () => true,
    () => false,
  );
}

/** The server speaks on the loopback address only, without TLS, whatever PGSSLMODE says. */
export function urlOf(port: number, password: string): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
}

function onceOnly(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
