import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@florin/observability';
import type { TestProject } from 'vitest/node';
import { freeBasePort } from '../../tools/stack/free-stack-ports.ts';
import type { StackOptions } from '../../tools/stack/plan.ts';
import { stopStack } from '../../tools/stack/servers.ts';
import { startStack } from '../../tools/stack/stack.ts';
import { RAISED_LIMITS } from '../bank-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    stack: Required<Pick<StackOptions, 'home' | 'basePort' | 'environment'>>;
  }
}

/** Vitest calls it once a run: one stack for all files, with demo people; each file leaves it running. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'florin-stack-'));
  // Where it is in a checkout, so that what is typed there can be typed here.
  const home = join(folder, '.florin', 'stack');
  // PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const end = async (): Promise<void> => {
    await stopStack(home);
    rmSync(folder, { recursive: true, force: true });
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
