import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@florin/observability';
import type { TestProject } from 'vitest/node';
import { portsFrom } from '../../tools/stack/ports.ts';
import { isListening } from '../../tools/stack/reachable.ts';
import { type StackOptions, startStack, stopStack } from '../../tools/stack/stack.ts';
import { RAISED_LIMITS } from '../bank-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    stack: Required<Pick<StackOptions, 'home' | 'basePort' | 'environment'>>;
  }
}

/** Apart from those of a stack that somebody runs on this machine, and from one that a killed run of tests left. */
const BASE_PORTS = [18_443, 18_543, 18_643, 18_743];
/** Vitest calls it once a run: one stack for all files, with demo people; each file leaves it running. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'florin-stack-'));
  // PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(home, 0o711);
  const end = async (): Promise<void> => {
    await stopStack(home);
    rmSync(home, { recursive: true, force: true });
  };
  const basePort = await freeBasePort();
  provide('stack', { home, basePort, environment: RAISED_LIMITS });
  try {
    await startStack({
      home,
      basePort,
      isEmpty: false,
      environment: RAISED_LIMITS,
      logger: createLogger({ service: 'stack', level: 'warn' }),
      progress: (name, what) => console.log(`  ${name.padEnd(16)}${what}`),
    });
    return end;
  } catch (error) {
    await end();
    throw error;
  }
}

async function freeBasePort(): Promise<number> {
  for (const base of BASE_PORTS) {
    const taken = await Promise.all(Object.values(portsFrom(base)).map(isListening));
    if (!taken.includes(true)) return base;
  }
  throw new Error(`something listens near each of the ports ${BASE_PORTS.join(', ')}`);
}
