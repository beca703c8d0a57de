/** Milliseconds since the Unix epoch. Every function that needs the time takes one, so tests can hold it still. */
export type Clock = () => number;

/** The clock of this machine. The only place outside tests that reads it. */
export const systemClock: Clock = () => Date.now();

/** A calendar date, `YYYY-MM-DD`. Compares correctly as a string. */
export type IsoDate = string;

/** The UTC calendar date of a moment. */
export function utcDate(atMs: number): IsoDate {
  return new Date(atMs).toISOString().slice(0, 10);
}
