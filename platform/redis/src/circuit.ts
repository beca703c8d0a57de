/** Stops asking a server that does not answer: after some failures in a row it is left alone for a moment. */
export interface Circuit {
  /** Whether to ask now. After the moment, one at a time may try. */
  isOpen(nowMs: number): boolean;
  succeeded(): void;
  failed(nowMs: number): void;
}

/** A circuit through which everything goes, until `failuresMax` in a row have failed. */
export function createCircuit({
  failuresMax,
  restMs,
}: {
  readonly failuresMax: number;
  readonly restMs: number;
}): Circuit {
  let failures = 0;
  let restsUntilMs = 0;
  return {
    isOpen(nowMs) {
      if (failures < failuresMax) return false;
      if (nowMs < restsUntilMs) return true;
      // This one tries; those who come while it does find the circuit open.
      restsUntilMs = nowMs + restMs;
      return false;
    },
    succeeded() {
      failures = 0;
    },
    failed(nowMs) {
      failures += 1;
      if (failures >= failuresMax) restsUntilMs = nowMs + restMs;
    },
  };
}
