import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../tools/start.ts', import.meta.url));
const READY_MS_MAX = 90_000;
const RAISED = '100000';
/** Tests are thousands of requests of one address. */
export const RAISED_LIMITS = {
  FLORIN_LIMIT_CALLER_PER_SECOND: RAISED,
  FLORIN_LIMIT_CALLER_BURST: RAISED,
  FLORIN_LIMIT_ADDRESS_PER_SECOND: RAISED,
  FLORIN_LIMIT_ADDRESS_BURST: RAISED,
  FLORIN_LIMIT_SIGN_IN_PER_SECOND: RAISED,
  FLORIN_LIMIT_SIGN_IN_BURST: RAISED,
};

/** A bank started the way a person starts it, in a process of its own, so that it can be killed. */
export interface BankProcess {
  readonly url: string;
  readonly pid: number;
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
  /** SIGTERM, as Ctrl-C does it; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Starts a bank on a home folder and waits until it says that it is ready. Throws with what it said otherwise. */
export async function startBankProcess(
  home: string,
  port: number,
  args: readonly string[] = [],
  more: { readonly identityProvidersFile?: string } = {},
): Promise<BankProcess> {
  const child = spawn(process.execPath, [START, '--port', String(port), ...args], {
    env: {
      ...process.env,
      FLORIN_HOME: home,
      ...(more.identityProvidersFile && { FLORIN_IDENTITY_PROVIDERS_FILE: more.identityProvidersFile }),
      ...RAISED_LIMITS,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await readyOf(child, exited);
  return {
    url: `http://localhost:${port}`,
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function readyOf(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  let said = '';
  const ready = new Promise<void>((resolve) => {
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('Florin is ready')) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
  });
  let timer: NodeJS.Timeout | undefined;
  const failed = Promise.race([
    exited.then((code) => `ended with ${code}`),
    new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('was not ready in time'), READY_MS_MAX);
    }),
  ]).then((why) => {
    throw new Error(`the bank ${why}:\n${said}`);
  });
  try {
    await Promise.race([ready, failed]);
  } finally {
    clearTimeout(timer);
    failed.catch(() => undefined);
  }
}

/** Kills the bank's PostgreSQL with everything it has forked. */
export function killPostgres(home: string): void {
  const [pid] = readFileSync(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
  process.kill(-Number(pid), 'SIGKILL');
}
