/** Everything in the demo happens before work or after it, so that a few moves of the clock make a day. */
export type DaySlot = 'morning' | 'evening';

/** Where cash comes from and goes to. */
export const COUNTER = 'counter';

/** What comes on a day of the month: of every month or, with a third, of every third one, so any three hold it once. */
export type Monthly = readonly [
  day: number,
  slot: DaySlot,
  from: string,
  to: string,
  amount: string,
  reference: string,
  third?: 0 | 1 | 2,
];

/** Bob's mistake: it is in the list twice, and a supervisor takes the second one back on the day after. */
export const PAID_TWICE: Monthly = [12, 'evening', 'bob/current', 'markt/business', '54.20', 'Groceries', 1];

/** The regular lives of the demo people. */
export const MONTHLY: readonly Monthly[] = [
  [25, 'morning', 'polder/business', 'alice/current', '3248.60', 'Salary'],
  [25, 'morning', 'polder/business', 'bob/current', '2875.15', 'Salary'],
  [1, 'morning', 'alice/current', 'kanaal/business', '1150.00', 'Rent'],
  [1, 'morning', 'bob/current', 'kanaal/business', '985.00', 'Rent'],
  [3, 'morning', 'alice/current', 'zeker/business', '118.45', 'Health insurance'],
  [3, 'morning', 'bob/current', 'zeker/business', '109.95', 'Health insurance'],
  [5, 'morning', 'alice/current', 'stroom/business', '96.40', 'Electricity and water'],
  [5, 'morning', 'bob/current', 'stroom/business', '81.75', 'Electricity and water'],
  [27, 'morning', 'alice/current', 'alice/savings', '600.00', 'Savings'],
  [27, 'morning', 'bob/current', 'bob/savings', '400.00', 'Savings'],
  [16, 'morning', 'alice/current', COUNTER, '80.00', 'Cash'],

  [7, 'evening', 'alice/current', 'bob/current', '27.50', 'Your half of dinner'],
  [14, 'evening', 'bob/current', 'alice/current', '18.00', 'Cinema tickets', 0],
  [14, 'evening', 'bob/current', 'alice/current', '42.30', 'Birthday present for Mum', 1],
  [14, 'evening', 'bob/current', 'alice/current', '31.00', 'Concert', 2],
  [19, 'evening', 'alice/savings', 'alice/current', '175.00', 'New bicycle lights and a tent', 2],
  [20, 'morning', 'alice/current', 'zeker/business', '64.80', 'Home insurance', 1],
  [21, 'morning', 'bob/current', 'kees/business', '89.00', 'Repair of the back wheel', 0],
  [17, 'evening', 'alice/current', 'kees/business', '46.50', 'Bicycle lights', 2],
  PAID_TWICE,
  PAID_TWICE,

  // Currencies with two decimals, none and three.
  [9, 'morning', 'polder/usd', 'alice/usd', '350.00', 'Conference in Boston', 0],
  [18, 'evening', 'alice/usd', 'polder/usd', '41.60', 'Travel money left over', 0],
  [11, 'evening', 'alice/jpy', 'passage/jpy', '12400', 'Woodblock prints', 1],
  [22, 'evening', 'alice/jpy', 'passage/jpy', '3980', 'Postage from Kyoto', 1],
  [10, 'evening', 'bob/kwd', 'passage/kwd', '18.750', 'Poetry in two volumes', 2],
  [23, 'morning', 'passage/kwd', 'bob/kwd', '6.250', 'Second volume out of print', 2],

  // A student, a pensioner and a small business that pays for its transfers.
  [26, 'morning', 'koffie/business', 'noor/current', '486.30', 'Wages'],
  [2, 'morning', 'noor/current', 'kanaal/business', '395.00', 'Room'],
  [6, 'evening', 'noor/current', 'passage/business', '58.95', 'Textbooks', 0],
  [13, 'evening', 'noor/current', 'luna/business', '11.50', 'Cinema', 2],
  [23, 'morning', 'zeker/business', 'henk/current', '1684.20', 'Pension'],
  [1, 'morning', 'henk/current', 'kanaal/business', '742.00', 'Rent'],
  [8, 'evening', 'henk/current', 'apotheek/business', '23.15', 'Prescription', 1],
  [15, 'morning', 'henk/current', 'noor/current', '50.00', 'From Grandad', 0],
  [24, 'morning', 'henk/current', COUNTER, '150.00', 'Cash'],
  [28, 'morning', 'henk/current', 'henk/savings', '200.00', 'Savings', 2],
  [4, 'morning', 'kees/business', 'kanaal/business', '380.00', 'Workshop rent'],
  [18, 'morning', 'kees/business', 'stroom/business', '74.30', 'Electricity', 2],
  [19, 'morning', COUNTER, 'kees/business', '410.00', 'Takings'],
  [21, 'evening', 'noor/current', 'kees/business', '22.50', 'New chain', 1],
];

/** Who has habits on top of that, and how large. */
export const HABITS: readonly (readonly [from: string, appetite: number])[] = [
  ['alice/current', 1],
  ['bob/current', 0.8],
];
