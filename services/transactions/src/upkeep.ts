import type { Logger } from '@florin/observability';

/** Something a service does by itself every so often. */
export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<unknown>;
}

/** Runs chores side by side, each never twice at once; a failed one is logged and comes again. The first run is at once. */
export function startUpkeep(logger: Logger, chores: readonly Chore[]): { close(): Promise<void> } {
  const running = new Map<string, Promise<void>>();
  const start = (chore: Chore): void => {
    if (running.has(chore.name)) return;
    const run = chore
      .run()
      .then(
        () => undefined,
        (error: unknown) => logger.warn({ err: error, chore: chore.name }, 'a chore failed and will come again'),
      )
      .then(() => {
        running.delete(chore.name);
      });
    running.set(chore.name, run);
  };
  for (const chore of chores) start(chore);
  const timers = chores.map((chore) => setInterval(() => start(chore), chore.everyMs));
  return {
    async close() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running.values());
    },
  };
}
