import { join } from 'node:path';
import { createLogger } from '@florin/observability';
import { inject } from 'vitest';
import { pidOf } from '../../tools/stack/daemon.ts';
import type { StackOptions } from '../../tools/stack/plan.ts';
import { type StackServer, stopServer } from '../../tools/stack/servers.ts';
import { type Stack, startStack } from '../../tools/stack/stack.ts';
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
  /** What Prometheus answers to an expression, now. */
  askPrometheus(expression: string): Promise<readonly Sample[]>;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Takes hold of it; what the tests fetch from now on trusts its authority. Commits wait for the standby when told to;
 * processes that it starts anew have these settings on top.
 */
export async function runningStack(
  wanted: Pick<StackOptions, 'isSynchronous' | 'alertWebhookUrl' | 'environment'> = {},
): Promise<RunningStack> {
  const { home, basePort, environment } = inject('stack');
  const certs = join(home, 'certs');
  trustAuthority(join(certs, 'ca.pem'));
  // Finds everything running, and knows how to start it again.
  const stack = await startStack({
    home,
    basePort,
    isEmpty: false,
    ...wanted,
    environment: { ...environment, ...wanted.environment },
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
    askPrometheus: (expression) => askPrometheus(stack.ports.prometheus, expression),
  };
}

/** What a Prometheus answers to an expression, now. */
export async function askPrometheus(port: number, expression: string): Promise<readonly Sample[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { error, data } = (await answer.json()) as {
    readonly error?: string;
    readonly data?: {
      readonly result: readonly { readonly metric: Sample['labels']; readonly value: [number, string] }[];
    };
  };
  if (data === undefined) throw new Error(`${expression}: ${error}`);
  return data.result.map(({ metric, value: [, text] }) => ({ labels: metric, value: Number(text) }));
}
