import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePortPair } from '../../tools/free-ports.ts';
import { isListening } from '../../tools/stack/reachable.ts';

/** A server that answers as AWS does, from PyPI; on loopback, and gone with the test. */
export interface Moto {
  readonly endpoint: string;
  /** Lets it hang: it takes connections and says nothing. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Why there is none: nothing on this machine can be tried against it then. */
export interface NoMoto {
  readonly missing: string;
}

const WANTED = 'moto[server]==5.2.5';
const FOLDER = fileURLToPath(new URL('../../.florin/moto', import.meta.url));
const PROGRAM = `${FOLDER}/bin/moto_server`;
const INSTALL_MS_MAX = 480_000;
const READY_MS_MAX = 60_000;

/** Starts one, and installs it first where it is not there. */
export async function startMoto(): Promise<Moto | NoMoto> {
  const missing = existsSync(PROGRAM) ? undefined : install();
  if (missing !== undefined) return { missing };
  const port = await freePortPair();
  const child = spawn(PROGRAM, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  await readyAt(port, child);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    close: () => end(child),
  };
}

/** Answers why it could not be had. */
function install(): string | undefined {
  const steps = [
    ['python3', '-m', 'venv', FOLDER],
    [`${FOLDER}/bin/pip`, 'install', '--quiet', '--no-compile', '--disable-pip-version-check', WANTED],
  ] as const;
  for (const [program, ...args] of steps) {
    const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: INSTALL_MS_MAX });
    if (status !== 0) return `${WANTED} could not be installed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
  }
  return undefined;
}

async function readyAt(port: number, child: ChildProcess): Promise<void> {
  const endsAtMs = performance.now() + READY_MS_MAX;
  while (!(await isListening(port))) {
    if (child.exitCode !== null || performance.now() > endsAtMs) throw new Error('moto_server did not start');
    await sleep(100);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGCONT');
  child.kill('SIGKILL');
  await exited;
}
