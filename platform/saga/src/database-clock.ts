import { invariant } from '@florin/primitives';

/**
 * The database's clock, as of its last answer, carried on by this process's monotonic one. It is late by the time that
 * answer took, never by what somebody does to the clock of this machine.
 */
export class DatabaseClock {
  #aheadMs: number | undefined;

  /** Takes the database's time, just read, in milliseconds since the epoch. */
  observe(databaseMs: number): void {
    this.#aheadMs = databaseMs - performance.now();
  }

  /** Whole milliseconds since the epoch. */
  nowMs(): number {
    invariant(this.#aheadMs !== undefined, 'the database has told its time before anything is decided');
    return Math.round(performance.now() + this.#aheadMs);
  }
}
