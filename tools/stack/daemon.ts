import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@florin/primitives';

/** A server that goes on when whoever started it has ended. */
export interface Daemon {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Another user to run as, where this one is root. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Whether it can be used now. */
  isReady(): Promise<boolean>;
  readonly readyMs: number;
}

/** A process as nobody can take it for another: ids are given again, start times are not. */
interface Running {
  readonly pid: number;
  /** In clock ticks since the machine started: field 22 of /proc/PID/stat. */
  readonly startedAt: string;
}

/** Each look may cost a handshake, and whoever starts has better use for the processor. */
const LOOK_EVERY_MS = 200;
const LOG_LINES_TOLD = 5;

/** Starts a server unless it runs already, and waits until it can be used. Faults with `stack-server` and its last words. */
export async function startDaemon(folder: string, daemon: Daemon): Promise<'started' | 'ran already'> {
  const isThere = runningOf(folder, daemon.name) !== undefined;
  if (!isThere) launch(folder, daemon);
  const deadline = performance.now() + daemon.readyMs;
  for (;;) {
    if (await daemon.isReady().catch(() => false)) return isThere ? 'ran already' : 'started';
    if (runningOf(folder, daemon.name) === undefined) throw failed(folder, daemon, 'ended at once');
    if (performance.now() >= deadline) throw failed(folder, daemon, `was not ready after ${daemon.readyMs / 1_000} s`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Ends a server and waits for its end; after `graceMs` by force. True when there was one. */
export async function stopDaemon(
  folder: string,
  name: string,
  { signal = 'SIGTERM', graceMs = 10_000 }: { readonly signal?: NodeJS.Signals; readonly graceMs?: number } = {},
): Promise<boolean> {
  const running = runningOf(folder, name);
  if (running === undefined) return false;
  process.kill(running.pid, signal);
  const deadline = performance.now() + graceMs;
  while (runningOf(folder, name) !== undefined) {
    if (performance.now() >= deadline) process.kill(running.pid, 'SIGKILL');
    await sleep(LOOK_EVERY_MS);
  }
  rmSync(stateFile(folder, name), { force: true });
  return true;
}

/** The process of a server, while it lives. */
export function pidOf(folder: string, name: string): number | undefined {
  return runningOf(folder, name)?.pid;
}

export function logFileOf(folder: string, name: string): string {
  return join(folder, 'log', `${name}.log`);
}

function launch(folder: string, { name, command, args, env, user }: Daemon): void {
  for (const part of ['run', 'log']) mkdirSync(join(folder, part), { recursive: true, mode: 0o711 });
  const log = openSync(logFileOf(folder, name), 'a', 0o600);
  // Its own session: Ctrl-C in the terminal that started it is not for it.
  const child = spawn(command, [...args], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: { ...process.env, ...env },
    ...user,
  });
  closeSync(log);
  // What could not be started is found not to run.
  child.on('error', () => {});
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Fault('stack-server', `${name} could not be started: there is no ${command}`);
  const startedAt = startOf(pid);
  if (startedAt !== undefined) writeFileSync(stateFile(folder, name), JSON.stringify({ pid, startedAt }));
}

function runningOf(folder: string, name: string): Running | undefined {
  const file = stateFile(folder, name);
  if (!existsSync(file)) return undefined;
  const running: Running = JSON.parse(readFileSync(file, 'utf8'));
  return startOf(running.pid) === running.startedAt ? running : undefined;
}

/** Undefined for a process that is not there, and for one that ended and was not yet fetched. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold anything; the fields after it are plain.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function stateFile(folder: string, name: string): string {
  return join(folder, 'run', `${name}.json`);
}

function failed(folder: string, { name }: Daemon, what: string): Fault {
  const lines = readFileSync(logFileOf(folder, name), 'utf8').trimEnd().split('\n').slice(-LOG_LINES_TOLD);
  return new Fault('stack-server', `${name} ${what}: ${lines.join('\n  ')}`);
}
