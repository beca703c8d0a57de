/** When a participant is left alone. */
export interface BreakerLimits {
  readonly breakerFailures: number;
  readonly breakerPauseMs: number;
  readonly breakerPauseMsMax: number;
}

/**
 * A circuit breaker (Nygard, "Release It!"). Closed, everything passes. After so many failures in a row it opens and
 * nothing passes for a pause; then one call is let through to see. When that fails the next pause is twice as long, up to
 * a bound and a little different each time; when it succeeds the breaker closes.
 */
export class CircuitBreaker {
  readonly #limits: BreakerLimits;
  readonly #random: () => number;
  #failures = 0;
  #pauses = 0;
  #openUntilMs = 0;
  #isProbing = false;

  constructor(limits: BreakerLimits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  get isOpen(): boolean {
    return this.#pauses > 0;
  }

  /** Whether a call may be made now, by a clock in milliseconds. Who is let through tells how it ended. */
  admits(nowMs: number): boolean {
    if (!this.isOpen) return true;
    if (this.#isProbing || nowMs < this.#openUntilMs) return false;
    this.#isProbing = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauses = 0;
    this.#isProbing = false;
  }

  failed(nowMs: number): void {
    this.#failures += 1;
    // Calls that were out when it opened say nothing new: only the probe makes the pause longer.
    if (this.isOpen ? !this.#isProbing : this.#failures < this.#limits.breakerFailures) return;
    this.#isProbing = false;
    const { breakerPauseMs, breakerPauseMsMax } = this.#limits;
    const pauseMs = Math.min(breakerPauseMs * 2 ** Math.min(this.#pauses, DOUBLINGS_MAX), breakerPauseMsMax);
    this.#pauses += 1;
    this.#openUntilMs = nowMs + pauseMs * (0.75 + this.#random() / 4);
  }
}

/** Beyond this every bound is reached. */
const DOUBLINGS_MAX = 30;
