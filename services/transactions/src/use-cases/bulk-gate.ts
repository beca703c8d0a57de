import { Fault } from '@florin/primitives';
import type { CommandKey } from '../repositories/commands.ts';
import { keyText, type Outcome } from './submission.ts';

/**
 * Commands of bulk requests that may be in the ledger's queue at once: enough to fill the batches of every writer,
 * few enough that a lone transfer that arrives now is booked within a tenth of a second.
 */
const COMMANDS_AT_ONCE_MAX = 2_048;
/** Bulk requests that wait at the gate, and their commands: parsed they hold about 2 KB each, 32 MB in all. */
const WAITING_MAX = 256;
const COMMANDS_WAITING_MAX = 16_384;

/**
 * When the readers of the ledger's events are this far behind, bulk requests enter one at a time and with a pause:
 * what customers see of their accounts is worth more than a faster batch. It slows and never stops, so money still
 * moves while a reader is away.
 */
const READERS_LAG_MS_MAX = 500;
const PAUSE_MS = 40;

interface Waiting {
  readonly weight: number;
  readonly enter: () => void;
}

/**
 * Lets bulk requests into the ledger one after the other, as room allows, so that they wait as wholes and never
 * crowd out lone transfers. A bulk request whose key is already inside or waiting is `key-in-flight`.
 */
export class BulkGate {
  readonly #readersLagMs: () => number;
  readonly #keys = new Set<string>();
  readonly #waiting: Waiting[] = [];
  #inside = 0;
  #waitingWeight = 0;

  /** @param readersLagMs how old the oldest event is that the readers have not seen yet */
  constructor(readersLagMs: () => number) {
    this.#readersLagMs = readersLagMs;
  }

  /** Runs the work when there is room for its commands. Faults with `ledger-overloaded` when too many wait. */
  async pass(key: CommandKey, weight: number, work: () => Promise<Outcome>): Promise<Outcome> {
    const text = keyText(key);
    if (this.#keys.has(text)) return { kind: 'key-in-flight' };
    if (this.#waiting.length >= WAITING_MAX || this.#waitingWeight + weight > COMMANDS_WAITING_MAX) {
      throw new Fault('ledger-overloaded', 'too many batches are waiting', { retryable: true, retryAfterSeconds: 1 });
    }
    this.#keys.add(text);
    try {
      await this.#enter(weight);
      try {
        return await work();
      } finally {
        this.#leave(weight);
      }
    } finally {
      this.#keys.delete(text);
    }
  }

  #enter(weight: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#hasRoom(weight)) {
      this.#inside += weight;
      return Promise.resolve();
    }
    this.#waitingWeight += weight;
    return new Promise((enter) => this.#waiting.push({ weight, enter }));
  }

  #leave(weight: number): void {
    this.#inside -= weight;
    if (this.#isLagging()) setTimeout(() => this.#admit(), PAUSE_MS);
    else this.#admit();
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#hasRoom(next.weight); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#waitingWeight -= next.weight;
      this.#inside += next.weight;
      next.enter();
    }
  }

  /** One request always fits when nobody is inside, however heavy. */
  #hasRoom(weight: number): boolean {
    if (this.#inside === 0) return true;
    return !this.#isLagging() && this.#inside + weight <= COMMANDS_AT_ONCE_MAX;
  }

  #isLagging(): boolean {
    return this.#readersLagMs() > READERS_LAG_MS_MAX;
  }
}
