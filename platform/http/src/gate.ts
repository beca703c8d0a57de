/** Counts the requests under way, so that a server can stop without cutting one off. */
export interface Gate {
  /** Counts a request in, always; false when no new work is taken, and the request is to be refused. */
  enter(): boolean;
  leave(): void;
  isDraining(): boolean;
  /** Takes no new work from now on, and resolves when all is answered or the time is up. */
  drain(): Promise<void>;
}

/** Shutting down has 5 s in all (a supervisor kills after that), and the database is still to be closed. */
const DRAIN_MAX_MS = 4_000;

/** An open gate. */
export function createGate(): Gate {
  let underWay = 0;
  let draining = false;
  let whenEmpty: (() => void) | undefined;

  return {
    enter() {
      underWay += 1;
      return !draining;
    },
    leave() {
      underWay -= 1;
      if (underWay === 0) whenEmpty?.();
    },
    isDraining: () => draining,
    async drain() {
      draining = true;
      if (underWay === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      whenEmpty = resolve;
      const timer = setTimeout(resolve, DRAIN_MAX_MS);
      await promise;
      clearTimeout(timer);
    },
  };
}
