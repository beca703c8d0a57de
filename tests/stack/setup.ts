import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@florin/observability';
import type { TestProject } from 'vitest/node';
import { type StackOptions, startStack, stopStack } from '../../tools/stack/stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    stack: Required<Pick<StackOptions, 'home' | 'basePort' | 'environment'>>;
  }
}

/** Apart from those of a stack that somebody runs on this machine. */
const BASE_PORT = 18_443;
const RAISED = '100000';
/** The tests are thousands of requests of one address. */
const LIMITS = {
  FLORIN_LIMIT_CALLER_PER_SECOND: RAISED,
  FLORIN_LIMIT_CALLER_BURST: RAISED,
  FLORIN_LIMIT_ADDRESS_PER_SECOND: RAISED,
  FLORIN_LIMIT_ADDRESS_BURST: RAISED,
  FLORIN_LIMIT_SIGN_IN_PER_SECOND: RAISED,
  FLORIN_LIMIT_SIGN_IN_BURST: RAISED,
};

/** Vitest calls it once a run: one stack for all files, with demo people; each file leaves it running. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'florin-stack-'));
  // PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(home, 0o711);
  const end = async (): Promise<void> => {
    await stopStack(home);
    rmSync(home, { recursive: true, force: true });
  };
  provide('stack', { home, basePort: BASE_PORT, environment: LIMITS });
  try {
    await startStack({
      home,
      basePort: BASE_PORT,
      isEmpty: false,
      environment: LIMITS,
      logger: createLogger({ service: 'stack', level: 'warn' }),
      progress: (name, what) => console.log(`  ${name.padEnd(16)}${what}`),
    });
    return end;
  } catch (error) {
    await end();
    throw error;
  }
}
