import type { Clock } from '@florin/primitives';
import type { Waiting } from './waiting.ts';

/** Another session holds the row for a moment: the first look again comes soon, later ones less often. */
const FIRST_PAUSE_MS = 2;
const PAUSE_MS_MAX = 250;
/** After this long the caller is told that the account is busy. */
const PARKED_MS_MAX = 2_000;

interface Group {
  readonly waiting: Waiting[];
  readonly timer: NodeJS.Timeout;
}

/**
 * Submissions whose account somebody else has locked (another instance, a prepared transaction), one group an
 * account. They wait here, outside every batch, so that they delay nobody; a group goes back to the queue together.
 */
export class ParkedSubmissions {
  readonly #groups = new Map<string, Group>();
  readonly #clock: Clock;
  readonly #release: (waiting: readonly Waiting[]) => void;
  #size = 0;

  constructor(clock: Clock, release: (waiting: readonly Waiting[]) => void) {
    this.#clock = clock;
    this.#release = release;
  }

  get size(): number {
    return this.#size;
  }

  /** Sets a submission aside until its account is looked at again; answers `account-busy` after two seconds. */
  park(waiting: Waiting, accountId: string): void {
    if (this.#clock() - waiting.submittedAtMs >= PARKED_MS_MAX) {
      waiting.resolve({ kind: 'account-busy' });
      return;
    }
    this.#size += 1;
    waiting.attempts += 1;
    const group = this.#groups.get(accountId);
    if (group !== undefined) {
      group.waiting.push(waiting);
      return;
    }
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** waiting.attempts, PAUSE_MS_MAX);
    const timer = setTimeout(() => this.#open(accountId), pauseMs);
    this.#groups.set(accountId, { waiting: [waiting], timer });
  }

  /** Sends everything back at once. */
  flush(): void {
    for (const [accountId, group] of [...this.#groups]) {
      clearTimeout(group.timer);
      this.#open(accountId);
    }
  }

  #open(accountId: string): void {
    const group = this.#groups.get(accountId);
    if (group === undefined) return;
    this.#groups.delete(accountId);
    this.#size -= group.waiting.length;
    this.#release(group.waiting);
  }
}
