import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Child {
  send(message: object): void;
  /** The next message of the child. Rejects, with the end of what it printed, when it ends first. */
  receive<Message>(): Promise<Message>;
  /** Asks it to end and waits; insists after ten seconds. */
  stop(): Promise<void>;
  /** `kill -9`: resolves when it is gone. */
  kill(): Promise<void>;
}

export interface ChildOptions {
  readonly file: URL;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes what it prints. A file, not a pipe: reading a pipe would cost the measurement its cores. */
  readonly logFile: string;
}

const STOP_TIMEOUT_MS = 10_000;
const LOG_QUOTED_MAX = 2_000;

/** Starts a TypeScript file in a process of its own, with a message channel to it. */
export function startChild(options: ChildOptions): Child {
  const log = openSync(options.logFile, 'w', 0o600);
  const name = fileURLToPath(options.file);
  const child = spawn(process.execPath, [name, ...(options.args ?? [])], {
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', log, log, 'ipc'],
    // Large messages (a thousand tokens) cost less this way than as JSON.
    serialization: 'advanced',
  });
  closeSync(log);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  return {
    send: (message) => {
      child.send(message);
    },
    receive: <Message>() =>
      new Promise<Message>((resolve, reject) => {
        const refuse = () => {
          child.off('message', accept);
          const printed = readFileSync(options.logFile, 'utf8').slice(-LOG_QUOTED_MAX).trim();
          reject(new Error(`${name} ended with ${child.exitCode ?? child.signalCode}: ${printed}`));
        };
        const accept = (message: unknown) => {
          child.off('exit', refuse);
          resolve(message as Message);
        };
        if (hasEnded()) return refuse();
        child.once('message', accept);
        child.once('exit', refuse);
      }),
    async stop() {
      if (hasEnded()) return;
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(insist);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
