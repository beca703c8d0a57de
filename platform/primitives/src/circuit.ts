/**
 * A circuit breaker (Nygard, "Release It!"): stops asking a server that does not answer. After some failures in a row it is
 * left alone for a moment, and then one at a time may try.
 */
export interface Circuit {
  /** Whether to leave it alone now. After the moment the one who asks first tries; those who come meanwhile find it open. */
  isOpen(nowMs: number): boolean;
  succeeded(nowMs: number): void;
  /** Answers whether this one opened it. */
  failed(nowMs: number): boolean;
}

export interface CircuitLimits {
  /** In a row. */
  readonly failuresMax: number;
  /** How long it is left alone. */
  readonly restMs: number;
  /** As long as something succeeded within this time the server is there, whatever fails; 0 when absent. */
  readonly quietMs?: number;
}

/** A circuit through which everything goes, until `failuresMax` in a row have failed. Times are of any clock, the same one always. */
export function createCircuit({ failuresMax, restMs, quietMs = 0 }: CircuitLimits): Circuit {
  let failures = 0;
  let succeededAtMs = Number.NEGATIVE_INFINITY;
  let restsUntilMs: number | undefined;
  return {
    isOpen(nowMs) {
      if (restsUntilMs === undefined) return false;
      if (nowMs < restsUntilMs) return true;
      // Whoever tries need not tell how it ended: the next one tries after as long again.
      restsUntilMs = nowMs + restMs;
      return false;
    },
    succeeded(nowMs) {
      failures = 0;
      succeededAtMs = nowMs;
      restsUntilMs = undefined;
    },
    failed(nowMs) {
      failures += 1;
      // Those that were out when it opened say nothing new, and the moment is not longer for them.
      if (restsUntilMs !== undefined || failures < failuresMax || nowMs - succeededAtMs < quietMs) return false;
      restsUntilMs = nowMs + restMs;
      return true;
    },
  };
}
