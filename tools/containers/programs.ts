import { spawn } from 'node:child_process';
import { Fault } from '@florin/primitives';

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

const LINES_TOLD = 12;
const TIME_MS_MAX = 900_000;

/** Runs a program and answers what it said. Faults with `containers` and its last lines when it fails, or takes a quarter of an hour. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    timeout: TIME_MS_MAX,
  });
  const said: string[] = [];
  const all: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.push(text);
    all.push(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => void all.push(text));
  child.on('error', reject);
  // Whoever ends before it has read everything has said why.
  child.stdin.on('error', () => {}).end(options.input ?? '');
  child.on('close', (status) => {
    if (status === 0) return resolve(said.join(''));
    const lines = all.join('').trimEnd().split('\n').slice(-LINES_TOLD);
    reject(new Fault('containers', `${command} ${args.join(' ')} did not work:\n  ${lines.join('\n  ')}`));
  });
  return promise;
}

/** Whether a program ends well. */
export async function succeeds(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  return run(command, args, { env }).then(
    () => true,
    () => false,
  );
}
