import { isDataError, isTransactionConflict, type Session } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import type { DatabaseClock } from './database-clock.ts';
import { type Change, writeTransitions } from './store.ts';

interface Waiting {
  readonly change: Change;
  /** With the new revision; null when the saga was not at the revision that was decided on. */
  resolve(revision: bigint | null): void;
  reject(error: unknown): void;
}

export interface TransitionCommitsOptions {
  readonly session: Session;
  readonly clock: DatabaseClock;
  readonly holder: string;
  readonly limits: { readonly groupMax: number; readonly waitingMax: number };
  /** How many were written by one commit. */
  committed(transitions: number): void;
  failed(error: unknown): void;
}

/** After a failure of the database: 50 ms, doubled up to 1 s. */
const BACKOFF_FIRST_MS = 50;
const BACKOFF_MAX_MS = 1_000;
const DOUBLINGS_MAX = 5;

/**
 * Group commit of transitions: those that are ready while an earlier group commits go down together in the next one. No
 * timer: a lone one commits at once.
 */
export class TransitionCommits {
  readonly #options: TransitionCommitsOptions;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: TransitionCommitsOptions) {
    this.#options = options;
  }

  /**
   * Writes a transition; null when somebody else wrote the saga first, or may have. Waits for a database that is away.
   * Throws what the database says about its data, and the fault `saga-runner-busy` when too many wait.
   */
  submit(change: Change): Promise<bigint | null> {
    if (this.#isClosed || this.#waiting.length >= this.#options.limits.waitingMax) {
      const why = this.#isClosed ? 'the runner is closed' : 'too many transitions wait to be written';
      return Promise.reject(new Fault('saga-runner-busy', why, { retryable: true, retryAfterSeconds: 1 }));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Refuses what comes after, and what waits for a database that is away. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const { group, rest } = oneEach(this.#waiting.splice(0, this.#options.limits.groupMax));
      this.#waiting.unshift(...rest);
      await this.#write(group);
    }
    this.#running = undefined;
  }

  /** On a data error the group is halved, down to the saga at fault, so that the others are written. */
  async #write(group: readonly Waiting[]): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      try {
        await this.#attempt(group);
        return;
      } catch (error) {
        if (isDataError(error) && group.length > 1) {
          const middle = group.length >> 1;
          await this.#write(group.slice(0, middle));
          await this.#write(group.slice(middle));
          return;
        }
        if (!isPassing(error) || this.#isClosed) {
          for (const waiting of group) waiting.reject(error);
          return;
        }
        this.#options.failed(error);
        await pause(Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, DOUBLINGS_MAX), BACKOFF_MAX_MS));
      }
    }
  }

  async #attempt(group: readonly Waiting[]): Promise<void> {
    const { session, clock, holder } = this.#options;
    const { revisions, clockMs } = await writeTransitions(
      session,
      group.map((waiting) => waiting.change),
      holder,
    );
    clock.observe(clockMs);
    this.#options.committed(revisions.size);
    for (const { change, resolve } of group) resolve(revisions.get(change.transition.saga.id) ?? null);
  }
}

/** One transition of each saga: an update that meets a row twice would take either of them. */
function oneEach(waiting: readonly Waiting[]): { group: Waiting[]; rest: Waiting[] } {
  const ids = new Set<string>();
  const group: Waiting[] = [];
  const rest: Waiting[] = [];
  for (const one of waiting) {
    const { id } = one.change.transition.saga;
    (ids.has(id) ? rest : group).push(one);
    ids.add(id);
  }
  return { group, rest };
}

/** Whether the same will work when the database is back, or the others are out of the way. */
function isPassing(error: unknown): boolean {
  return isTransactionConflict(error) || (error instanceof Fault && error.retryable);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
