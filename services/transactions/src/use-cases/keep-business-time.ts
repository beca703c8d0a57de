import type { Database } from '@florin/postgres';
import { type Clock, ok, type Result, utcDate } from '@florin/primitives';
import { type BusinessClock, type ClockFailure, moveClock } from '../domain/business-clock.ts';
import type { Context } from '../domain/ledger-view.ts';
import { readClock, writeClock } from '../repositories/business-clock.ts';

/** The bank's time, kept in memory and read again every second, so that a move by another instance is seen. */
export interface BusinessTime {
  /** The moment and date that something decided now is booked at. */
  now(): Context;
  /** Reads the clock as another instance may have set it. */
  refresh(): Promise<void>;
  /** Moves the clock; see `moveClock`. */
  move(offsetMs: number): Promise<Result<BusinessClock, ClockFailure>>;
}

/** Reads the business clock once and keeps it. */
export async function openBusinessTime(db: Database, systemClock: Clock): Promise<BusinessTime> {
  let { clock } = await readClock(db);
  return {
    now() {
      const nowMs = systemClock() + clock.offsetMs;
      return { nowMs, businessDate: utcDate(nowMs) };
    },
    async refresh() {
      clock = (await readClock(db)).clock;
    },
    move: (offsetMs) =>
      db.transaction(async (tx) => {
        const current = await readClock(tx, 'lock');
        const moved = moveClock(current.clock, offsetMs, current.hasBookings);
        if (!moved.ok) return moved;
        await writeClock(tx, moved.value);
        clock = moved.value;
        return ok(moved.value);
      }),
  };
}
