import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLogger } from '@florin/observability';
import { pidOf, stopDaemon } from '../../tools/stack/daemon.ts';
import { detourPortsFrom, portsFrom, type StackPort, type StackPorts } from '../../tools/stack/ports.ts';
import { SERVERS, type StackServer, stopStack } from '../../tools/stack/servers.ts';
import { type Stack, startStack } from '../../tools/stack/stack.ts';
import { redisOperatorUrl } from '../../tools/stack/stack-secrets.ts';
import { trustAuthority } from '../../tools/trusting-fetch.ts';
import { RAISED_LIMITS } from '../bank-process.ts';
import type { Random } from '../simulation/kernel/random.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** Links that lead through a proxy, by what is at their end. Everybody who goes there goes that way. */
const LINKS = [
  'primary',
  'standby',
  'kafka',
  'redis',
  'ledgers',
  'users',
  'accounts',
  'notifications',
  'gateway',
  'gateway2',
  'transactions',
  'transactions2',
] as const satisfies readonly StackPort[];
export type LinkName = (typeof LINKS)[number];

/** The bank on its servers, with hands on everything that can break. */
export interface Stage {
  readonly home: string;
  readonly publicUrl: string;
  readonly ports: StackPorts;
  readonly stack: Stack;
  link(name: LinkName): TcpProxy;
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(name: StackServer): void;
  /** Stops a process as it stands: its connections stay, its leases run out. */
  freeze(name: StackServer): void;
  thaw(name: StackServer): void;
  /** Ends the server of PostgreSQL that leads, without a checkpoint: as `pg_ctl stop -m immediate`. */
  stopLeaderAtOnce(): Promise<void>;
  /** FLUSHALL: everything is forgotten, and no connection notices. */
  emptyCache(): Promise<void>;
  close(): Promise<void>;
}

/** Two shards, so that transfers cross; a second database is all that it takes. */
const SHARDS = 2;

export interface StageOptions {
  readonly home: string;
  readonly basePort: number;
  readonly random: Random;
  progress(name: string, what: string): void;
}

/** Starts the bank behind its proxies, with demo people, and a standby that every commit waits for. */
export async function openStage({ home, basePort, random, progress }: StageOptions): Promise<Stage> {
  const links = await openLinks(basePort, random);
  const close = async (): Promise<void> => {
    for (const name of SERVERS) signal(home, name, 'SIGCONT');
    await stopStack(home);
    await Promise.all([...links.values()].map((link) => link.close()));
  };
  try {
    const stack = await startStack({
      ...{ home, basePort, isEmpty: false, isSynchronous: true, shards: SHARDS },
      detours: Object.fromEntries([...links].map(([name, { port }]) => [name, port])),
      environment: RAISED_LIMITS,
      logger: createLogger({ service: 'stack', level: 'warn' }),
      progress,
    });
    trustAuthority(join(home, 'certs', 'ca.pem'));
    return { ...handsOn(home, stack, links), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function handsOn(home: string, stack: Stack, links: ReadonlyMap<LinkName, TcpProxy>): Omit<Stage, 'close'> {
  return {
    home,
    publicUrl: stack.publicUrl,
    ports: stack.ports,
    stack,
    link: (name) => links.get(name) as TcpProxy,
    kill: (name) => signal(home, name, 'SIGKILL'),
    freeze: (name) => signal(home, name, 'SIGSTOP'),
    thaw: (name) => signal(home, name, 'SIGCONT'),
    stopLeaderAtOnce: async () => void (await stopDaemon(home, stack.leader(), { signal: 'SIGQUIT' })),
    emptyCache: () => flushCache(home, stack.ports),
  };
}

/** A proxy in front of each server. */
async function openLinks(basePort: number, random: Random): Promise<ReadonlyMap<LinkName, TcpProxy>> {
  const ports = portsFrom(basePort);
  const detours = detourPortsFrom(basePort);
  const opened = LINKS.map(async (name, index) => {
    const port = detours[index] as number;
    return [name, await openTcpProxy({ port, targetPort: ports[name], random: () => random.next() })] as const;
  });
  return new Map(await Promise.all(opened));
}

function signal(home: string, name: StackServer, sent: NodeJS.Signals): void {
  const pid = pidOf(home, name);
  if (pid !== undefined) process.kill(pid, sent);
}

/** As the one who looks after it: the gateways may not. */
async function flushCache(home: string, ports: StackPorts): Promise<void> {
  const file = (name: string) => join(home, 'certs', name);
  const tls = ['--tls', '--cert', file('redis.pem'), '--key', file('redis-key.pem'), '--cacert', file('ca.pem')];
  const { password } = new URL(redisOperatorUrl(home, ports));
  const env = { ...process.env, REDISCLI_AUTH: password };
  const args = ['-h', 'localhost', '-p', String(ports.redis), ...tls, '--user', 'operator', 'flushall'];
  const { stdout } = await promisify(execFile)('redis-cli', args, { env, timeout: 10_000 });
  if (stdout.trim() !== 'OK') throw new Error(`the cache was not emptied: ${stdout.trim()}`);
}
