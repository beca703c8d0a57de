import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** On a machine with much else to do, migrations and the first compilation of a process take tens of seconds. */
const READY_MS_MAX = 90_000;
const ROOT = new URL('../../', import.meta.url);

export interface LoneProcess {
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
}

function start(main: string, environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(main, ROOT))], {
    // Nothing of the environment of the tests: a setting that leaked in would be tested instead.
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, exited, listeners, said: () => said };
}

/** Starts an entry point by its path in the checkout, as its operator would, and waits until it says that it is ready. */
export async function startLone(
  main: string,
  environment: Readonly<Record<string, string>>,
  ready: string,
): Promise<LoneProcess> {
  const { child, exited, listeners, said } = start(main, environment);
  const isReady = new Promise<undefined>((resolve) => {
    listeners.add(() => said().includes(ready) && resolve(undefined));
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('was not ready in time'), READY_MS_MAX);
  });
  const why = await Promise.race([isReady, exited.then((code) => `ended with ${code}`), late]);
  clearTimeout(timer);
  if (why !== undefined) {
    child.kill('SIGKILL');
    throw new Error(`${main} ${why}:\n${said()}`);
  }
  return {
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** Starts an entry point that is expected to end by itself; answers its exit code and what it said. */
export async function runToEnd(
  main: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const { exited, said } = start(main, environment);
  return { code: await exited, said: said() };
}
