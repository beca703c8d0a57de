import { type IsoDate, utcDate } from '@florin/primitives';
import { COUNTER, type DaySlot, HABITS, MONTHLY, type Monthly, PAID_TWICE } from './demo-monthly.ts';

/**
 * One thing that happens in the demo's past, under a key that is the same whenever it is made. Accounts are called
 * `login/name`, amounts are in the currency of theirs.
 */
export type DemoEvent =
  | {
      readonly kind: 'transfer';
      readonly key: string;
      readonly from: string;
      readonly to: string;
      readonly amount: string;
      readonly reference: string;
    }
  | {
      readonly kind: 'deposit' | 'withdrawal';
      readonly key: string;
      readonly account: string;
      readonly amount: string;
      readonly reference: string;
    }
  /** `of` is the key of a transfer. */
  | { readonly kind: 'reversal'; readonly key: string; readonly of: string; readonly reason: string };

/** What happens at one minute of a day, UTC. */
export interface DemoMoment {
  readonly atMs: number;
  readonly events: readonly DemoEvent[];
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Full months that are over on the day of the demo. */
const FULL_MONTHS = 3;
/** A day before the first salary. */
const OPENING_DAY = 24;

/** The day everybody opens their accounts: in the month before the full ones, so 92 days ago or more. */
export function openingDate(today: IsoDate): IsoDate {
  const [year = 0, month = 0] = today.split('-').map(Number);
  return utcDate(Date.UTC(year, month - 1 - FULL_MONTHS - 1, OPENING_DAY));
}

/**
 * Everything from the day after the accounts were opened to yesterday, oldest first. What happens on a day follows from
 * its date alone, so a demo that is made a day later tells the same story, one day longer.
 */
export function demoHistory(today: IsoDate): DemoMoment[] {
  const moments: DemoMoment[] = [];
  const untilMs = Date.parse(today);
  for (let dayMs = Date.parse(openingDate(today)) + DAY_MS; dayMs < untilMs; dayMs += DAY_MS) {
    moments.push(...dayOf(dayMs));
  }
  return moments;
}

/** When each slot begins, in minutes of the day, and how many minutes later a day may have it. */
const SLOT_MINUTES: Readonly<Record<DaySlot, number>> = { morning: 7 * 60 + 10, evening: 17 * 60 + 20 };
const DRIFT_MINUTES = 100;

function dayOf(dayMs: number): DemoMoment[] {
  const random = randomFrom(dayMs / DAY_MS);
  const slots: Record<DaySlot, DemoEvent[]> = { morning: [], evening: [] };
  addMonthly(slots, dayMs);
  addHabits(slots, dayMs, random);
  return (['morning', 'evening'] as const).flatMap((slot) => {
    const minute = SLOT_MINUTES[slot] + Math.floor(random() * DRIFT_MINUTES);
    return slots[slot].length === 0 ? [] : [{ atMs: dayMs + minute * MINUTE_MS, events: slots[slot] }];
  });
}

function addMonthly(slots: Record<DaySlot, DemoEvent[]>, dayMs: number): void {
  for (const [index, monthly] of MONTHLY.entries()) {
    if (isOn(monthly, dayMs)) slots[monthly[1]].push(eventOf(monthly, monthlyKey(dayMs, index)));
  }
  const yesterdayMs = dayMs - DAY_MS;
  if (!isOn(PAID_TWICE, yesterdayMs)) return;
  const of = monthlyKey(yesterdayMs, MONTHLY.lastIndexOf(PAID_TWICE));
  const reason = 'Paid twice by mistake; the customer came to the counter';
  slots.morning.push({ kind: 'reversal', key: `demo-${utcDate(dayMs)}-reversal`, of, reason });
}

function isOn([day, , , , , , third]: Monthly, dayMs: number): boolean {
  const date = new Date(dayMs);
  return date.getUTCDate() === day && (third === undefined || date.getUTCMonth() % 3 === third);
}

function monthlyKey(dayMs: number, index: number): string {
  return `demo-${utcDate(dayMs)}-monthly-${index}`;
}

function eventOf([, , from, to, amount, reference]: Monthly, key: string): DemoEvent {
  if (from === COUNTER) return { kind: 'deposit', key, account: to, amount, reference };
  if (to === COUNTER) return { kind: 'withdrawal', key, account: from, amount, reference };
  return { kind: 'transfer', key, from, to, amount, reference };
}

/** What alice and bob do on a day like any other, as chance has it. */
function addHabits(slots: Record<DaySlot, DemoEvent[]>, dayMs: number, random: () => number): void {
  const weekday = new Date(dayMs).getUTCDay();
  const isWorkday = weekday >= 1 && weekday <= 5;
  for (const [from, appetite] of HABITS) {
    const maybe = (chance: number, slot: DaySlot, shop: string, least: number, most: number, reference: string) => {
      // Chance is asked in any case, so that one habit does not move the others.
      const [isToday, share] = [random() < chance, random()];
      const amount = (least + share * share * (most - least)).toFixed(2);
      const key = `demo-${utcDate(dayMs)}-${from.split('/')[0]}-${shop}`;
      if (isToday) slots[slot].push({ kind: 'transfer', key, from, to: `${shop}/business`, amount, reference });
    };
    maybe(isWorkday ? 0.45 : 0.1, 'morning', 'koffie', 2.8, 9.5, 'Coffee');
    maybe(isWorkday ? 0.34 : 0.14, 'morning', 'spoor', 3.2, 27, 'Train ticket');
    maybe(0.4, 'evening', 'markt', 16 * appetite, 96 * appetite, 'Groceries');
    maybe(isWorkday ? 0.04 : 0.2, 'evening', 'luna', 10.5, 34, 'Cinema');
    maybe(isWorkday ? 0.04 : 0.13, 'evening', 'passage', 9, 64, 'Books');
    maybe(0.03, 'evening', 'apotheek', 4.5, 31, 'Pharmacy');
  }
}

/** A small generator of numbers that are the same on every machine (mulberry32), so that every demo looks alike. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
