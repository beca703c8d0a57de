import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Places, Standing } from './desk.ts';
import type { Armed } from './fault.ts';
import type { Request, Role } from './host.ts';

const HOST = fileURLToPath(new URL('host.ts', import.meta.url));
const READY_MS_MAX = 30_000;
/** From `begin` to the point at which it is to die. */
const DYING_MS_MAX = 10_000;

/** A process of a pattern that can be told where to die, and that is there again afterwards. */
export interface HostProcess {
  arm(armed: Armed): Promise<void>;
  /** Rejects when the process died of it. */
  begin(transfer: string, refused: boolean): Promise<void>;
  standing(transfer: string): Promise<Standing>;
  /** Resolves when it was killed by its fault. Throws when the point was not reached. */
  died(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startHost(role: Role, places: Places): Promise<HostProcess> {
  let current = await spawnHost(role, places);
  return {
    arm: (armed) => current.ask({ op: 'arm', ...armed }) as Promise<void>,
    begin: (transfer, refused) => current.ask({ op: 'begin', transfer, refused }) as Promise<void>,
    standing: (transfer) => current.ask({ op: 'standing', transfer }) as Promise<Standing>,
    async died() {
      const signal = await within(DYING_MS_MAX, current.ended);
      if (signal !== 'SIGKILL') throw new Error(`${role} did not reach the point: ${String(signal)}`);
    },
    async restart() {
      current = await spawnHost(role, places);
    },
    async stop() {
      current.child.kill('SIGKILL');
      await current.ended;
    },
  };
}

async function spawnHost(role: Role, places: Places) {
  const child = spawn(process.execPath, [HOST, role, JSON.stringify(places)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<void>();
  child.on('message', (message: { ready?: true; number?: number; value?: unknown; error?: string }) => {
    if (message.ready) return ready.resolve();
    const asked = waiting.get(message.number ?? 0);
    if (message.error === undefined) asked?.resolve(message.value);
    else asked?.reject(new Error(message.error));
  });
  void ended.then(() => {
    ready.reject(new Error(`${role} ended before it was ready`));
    for (const asked of waiting.values()) asked.reject(new Error(`${role} is dead`));
  });
  if ((await within(READY_MS_MAX, ready.promise)) === 'too late') throw new Error(`${role} was not ready in time`);
  return { child, ended, ask: (request: Request) => askChild(child, waiting, request) };
}

function askChild(
  child: ChildProcess,
  waiting: Map<number, PromiseWithResolvers<unknown>>,
  request: Request,
): Promise<unknown> {
  const number = waiting.size + 1;
  const asked = Promise.withResolvers<unknown>();
  waiting.set(number, asked);
  child.send({ number, request }, (error) => {
    if (error) asked.reject(error);
  });
  return asked.promise;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | 'too late'> {
  const late = Promise.withResolvers<'too late'>();
  const timer = setTimeout(() => late.resolve('too late'), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
