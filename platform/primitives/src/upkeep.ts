/** Something a service does by itself every so often. */
export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<unknown>;
}

/**
 * Runs chores side by side, the first time at once, each never twice at the same time. A chore that fails is told to
 * `failed` and comes again when it is due. `close` waits for what is running.
 */
export function startUpkeep(
  chores: readonly Chore[],
  failed: (chore: string, error: unknown) => void,
): { close(): Promise<void> } {
  const running = new Map<string, Promise<void>>();
  const start = (chore: Chore): void => {
    if (running.has(chore.name)) return;
    const run = Promise.resolve()
      .then(() => chore.run())
      .then(
        () => undefined,
        (error: unknown) => failed(chore.name, error),
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
