import type { Database } from '@florin/postgres';
import { type Clock, invariant, ok, type Result, utcDate } from '@florin/primitives';
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

/** Reads the business clock once and keeps it. Of several shards the first has it. */
export async function openBusinessTime(
  [db, ...others]: readonly Database[],
  systemClock: Clock,
): Promise<BusinessTime> {
  invariant(db !== undefined, 'a ledger has at least one shard');
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
        const elsewhere = await Promise.all(others.map((other) => readClock(other)));
        const hasBookings = [current, ...elsewhere].some((each) => each.hasBookings);
        const moved = moveClock(current.clock, offsetMs, hasBookings);
        if (!moved.ok) return moved;
        await writeClock(tx, moved.value);
        clock = moved.value;
        return ok(moved.value);
      }),
  };
}
