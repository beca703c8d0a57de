/** One thing that happens in the demo's past. Accounts are named `login/product`. */
export interface DemoEvent {
  /** Days before today, and the minute of that day. */
  readonly daysAgo: number;
  readonly minute: number;
  readonly from: string;
  readonly to: string;
  /** In euros: `"12.50"`. */
  readonly amount: string;
  readonly reference: string;
}

/** How far back the demo reaches. */
export const DEMO_DAYS = 30;

/** A small generator of numbers that are the same on every machine (mulberry32), so that every demo looks alike. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Thirty days in the lives of two customers, oldest first. */
export function demoHistory(): DemoEvent[] {
  const random = randomFrom(20_261);
  const events: DemoEvent[] = [];
  const euros = (from: number, to: number): string => (from + random() * (to - from)).toFixed(2);
  const add = (daysAgo: number, hour: number, from: string, to: string, amount: string, reference: string): void => {
    const minute = Math.floor(hour * 60 + random() * 50);
    events.push({ daysAgo, minute, from, to, amount, reference });
  };
  for (let daysAgo = DEMO_DAYS; daysAgo >= 1; daysAgo -= 1) {
    for (const [who, appetite] of [
      ['alice/current', 1],
      ['bob/current', 0.8],
    ] as const) {
      if (random() < 0.45) add(daysAgo, 17, who, 'markt/business', euros(14 * appetite, 78 * appetite), 'Groceries');
      if (random() < 0.5) add(daysAgo, 8, who, 'koffie/business', euros(2.8, 9.5), 'Coffee');
      if (random() < 0.3) add(daysAgo, 9, who, 'spoor/business', euros(2.5, 24), 'Train ticket');
    }
  }
  add(28, 7, 'polder/business', 'alice/current', '3248.60', 'Salary');
  add(28, 7, 'polder/business', 'bob/current', '2875.15', 'Salary');
  add(27, 10, 'alice/current', 'kanaal/business', '1150.00', 'Rent');
  add(27, 11, 'bob/current', 'kanaal/business', '985.00', 'Rent');
  add(26, 12, 'alice/current', 'alice/savings', '400.00', 'Savings');
  add(24, 9, 'alice/current', 'stroom/business', '96.40', 'Electricity and water');
  add(23, 9, 'bob/current', 'stroom/business', '81.75', 'Electricity and water');
  add(20, 19, 'alice/current', 'bob/current', '27.50', 'Your half of dinner');
  add(14, 13, 'bob/current', 'alice/current', '18.00', 'Cinema');
  add(12, 12, 'alice/current', 'alice/savings', '150.00', 'Savings');
  add(6, 20, 'bob/current', 'alice/current', '42.30', 'Birthday present for Mum');
  add(3, 18, 'alice/savings', 'alice/current', '75.00', 'New bicycle lights');
  return events.sort((a, b) => b.daysAgo - a.daysAgo || a.minute - b.minute);
}
