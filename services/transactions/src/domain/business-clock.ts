import { fail, ok, type Result } from '@florin/primitives';

/** The bank's time is the system's plus this offset. Tokens, leases and retries do not follow it. */
export interface BusinessClock {
  readonly offsetMs: number;
  /** Rises by one with every move. */
  readonly version: number;
}

export interface ClockFailure {
  readonly code: 'clock-moves-forward-only';
  readonly detail: string;
}

/**
 * Moves the clock. Once something is booked it only moves forward, so booking times never run backwards; before
 * that it may be set to any time. Fails with `clock-moves-forward-only`.
 */
export function moveClock(
  clock: BusinessClock,
  offsetMs: number,
  hasBookings: boolean,
): Result<BusinessClock, ClockFailure> {
  if (hasBookings && offsetMs < clock.offsetMs) {
    return fail({ code: 'clock-moves-forward-only', detail: 'The business clock can not be set back.' });
  }
  return ok({ offsetMs, version: clock.version + 1 });
}
