import { monthAfter } from './periods.ts';

/** When the first statement of an account is there. */
export interface FirstStatement {
  /** The month it is of, YYYY-MM. */
  readonly month: string;
  /** The first day it can be had, YYYY-MM-DD. */
  readonly day: string;
  /** Whether that day has come: then it is only not made yet. */
  readonly isDue: boolean;
}

/** The first statement is of the month in which the account was opened, and made when that month is over. */
export function firstStatement(openedOn: string, today: string): FirstStatement {
  const month = openedOn.slice(0, 7);
  const day = `${monthAfter(month)}-01`;
  return { month, day, isDue: day <= today };
}
