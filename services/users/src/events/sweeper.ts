import type { Logger } from '@florin/observability';

/** Expired rows answer nothing any more, so nobody waits for the sweep. */
const SWEEP_EVERY_MS = 60_000;

/** Runs a bounded deletion every minute until stopped; a failed sweep is left to the next one. */
export function startSweeper(sweep: () => Promise<number>, logger: Logger): { stop(): void } {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    sweep()
      .catch((error: unknown) => logger.warn({ err: error }, 'expired rows were not swept'))
      .finally(() => {
        running = false;
      });
  }, SWEEP_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
