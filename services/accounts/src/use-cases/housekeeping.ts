import { purgeCommands } from '../repositories/commands.ts';
import type { Deps } from './ports.ts';
import { sweepIntents } from './sweep-intents.ts';

/** Work that nobody asks for. */
export interface Housekeeping {
  close(): Promise<void>;
}

const EVERY_MS = 1_000;
/** Enough for a thousand new accounts a second; purging more at once would hold locks for long. */
const COMMANDS_PURGED_MAX = 1_000;

/** Every second: finishes intents that were left open, and forgets idempotency keys that are too old. */
export function startHousekeeping(deps: Deps): Housekeeping {
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  const timer = setInterval(() => {
    // A round that takes longer than its second is not joined by another.
    if (isRunning) return;
    isRunning = true;
    running = tidy(deps).finally(() => {
      isRunning = false;
    });
  }, EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

async function tidy(deps: Deps): Promise<void> {
  try {
    await sweepIntents(deps);
    await purgeCommands(deps.db, COMMANDS_PURGED_MAX);
  } catch (error) {
    deps.logger.warn({ err: error }, 'housekeeping failed; it runs again in a second');
  }
}
