import { join } from 'node:path';
import { createLogger } from '@florin/observability';
import { inject } from 'vitest';
import { pidOf } from '../../tools/stack/daemon.ts';
import { type Stack, type StackOptions, type StackServer, startStack, stopServer } from '../../tools/stack/stack.ts';
import { trustAuthority } from '../../tools/trusting-fetch.ts';

/** The stack that `setup.ts` started, as a test file takes hold of it. */
export interface RunningStack extends Stack {
  readonly home: string;
  /** Its development authority, its own certificates and keys. */
  readonly certs: string;
  pid(name: StackServer): number;
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(name: StackServer): void;
  stop(name: StackServer): Promise<boolean>;
}

/** Takes hold of it; what the tests fetch from now on trusts its authority. Commits wait for the standby when told to. */
export async function runningStack(wanted: Pick<StackOptions, 'isSynchronous'> = {}): Promise<RunningStack> {
  const { home, basePort, environment } = inject('stack');
  const certs = join(home, 'certs');
  trustAuthority(join(certs, 'ca.pem'));
  // Finds everything running, and knows how to start it again.
  const stack = await startStack({
    home,
    basePort,
    isEmpty: false,
    ...wanted,
    environment,
    logger: createLogger({ service: 'stack', level: 'warn' }),
    progress: () => {},
  });
  const pid = (name: StackServer): number => {
    const found = pidOf(home, name);
    if (found === undefined) throw new Error(`${name} does not run`);
    return found;
  };
  return {
    ...stack,
    home,
    certs,
    pid,
    kill: (name) => void process.kill(pid(name), 'SIGKILL'),
    stop: (name) => stopServer(home, name),
  };
}
