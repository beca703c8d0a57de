import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a running server says about itself in postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** Lines of the file (PostgreSQL, src/include/utils/pidfile.h). */
const LINE = { pid: 0, port: 3, status: 7 };

/** A fast shutdown writes a checkpoint of at most 128 MB of buffers. */
const FAST_SHUTDOWN_MS = 2_500;
/** Without a checkpoint; the next start replays the log and nothing is lost. */
const IMMEDIATE_SHUTDOWN_MS = 1_000;
const KILL_MS = 500;
const POLL_MS = 10;

/** The server whose data folder this is, if its process is alive. */
export function livePostmaster(data: string): Postmaster | undefined {
  const written = readPidFile(data);
  return written !== undefined && isPostmasterOf(written.pid, data) ? written : undefined;
}

/** postmaster.pid as it stands; the process may be long dead. */
export function readPidFile(data: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number(lines[LINE.pid]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[LINE.port] ?? 0), ready: (lines[LINE.status] ?? '').startsWith('ready') };
}

/**
 * A process number may have been given to another program since. A server always works in its data folder; where the
 * system hides that (root without CAP_SYS_PTRACE, in containers), its command line must name the folder.
 */
export function isPostmasterOf(pid: number, data: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch (error) {
    const hidden = error instanceof Error && 'code' in error && error.code === 'EACCES';
    return hidden && readProcess(pid, 'cmdline').includes(`\0-D\0${data}\0`);
  }
}

/** Whether a live process is surely no PostgreSQL. */
export function isAnotherProgram(pid: number): boolean {
  const name = readProcess(pid, 'comm').trim();
  return name !== '' && name !== 'postgres';
}

function readProcess(pid: number, file: 'cmdline' | 'comm'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Stops a server: politely, then at once, then by force, each within a bound. */
export async function stopPostmaster(pid: number, data: string): Promise<void> {
  const steps: readonly [NodeJS.Signals, number][] = [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
    ['SIGKILL', KILL_MS],
  ];
  for (const [signal, patienceMs] of steps) {
    if (!isPostmasterOf(pid, data)) return;
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in between.
      return;
    }
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      if (!isPostmasterOf(pid, data)) return;
      await sleep(POLL_MS);
    }
  }
}
