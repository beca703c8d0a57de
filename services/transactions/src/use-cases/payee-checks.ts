import { type Clock, fail, ok, type Result } from '@florin/primitives';
import { LRUCache } from 'lru-cache';

/** In any hour a customer may ask for so many names, and guess wrong so often. */
const CHECKS_PER_HOUR_MAX = 30;
const WRONG_PER_HOUR_MAX = 10;
const HOUR_MS = 3_600_000;
/** Customers remembered; beyond it whoever asked longest ago is forgotten, a few hundred bytes each. */
const CUSTOMERS_MAX = 10_000;

export interface TooManyChecks {
  readonly code: 'too-many-payee-checks';
  readonly detail: string;
  readonly retryAfterSeconds: number;
}

interface Check {
  readonly atMs: number;
  isRight: boolean;
}

/**
 * How often each customer asked whose name belongs to an IBAN, so that nobody can ask until they know. It is in the
 * memory of one process: a restart forgets it, and several processes allow a multiple. A check counts as wrong until it
 * turned out right, so asking many at once gains nothing.
 */
export class PayeeChecks {
  readonly #clock: Clock;
  readonly #checks = new LRUCache<string, readonly Check[]>({ max: CUSTOMERS_MAX });

  /** @param clock the system's, not the bank's: moving the bank's time must not open the door */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a check, to be told when it was right; or says when the customer may ask again. */
  begin(customer: string): Result<{ wasRight(): void }, TooManyChecks> {
    const nowMs = this.#clock();
    const recent = (this.#checks.get(customer) ?? []).filter(({ atMs }) => atMs > nowMs - HOUR_MS);
    const wrong = recent.filter(({ isRight }) => !isRight);
    const [blocking] = recent.length >= CHECKS_PER_HOUR_MAX ? recent : wrong.length >= WRONG_PER_HOUR_MAX ? wrong : [];
    if (blocking !== undefined) {
      return fail({
        code: 'too-many-payee-checks',
        detail: 'You have checked many names within the hour. Please try again later.',
        retryAfterSeconds: Math.ceil((blocking.atMs + HOUR_MS - nowMs) / 1_000),
      });
    }
    const check: Check = { atMs: nowMs, isRight: false };
    this.#checks.set(customer, [...recent, check]);
    return ok({
      wasRight() {
        check.isRight = true;
      },
    });
  }
}
