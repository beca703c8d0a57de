/** How many wrong passwords of strangers' browsers are many. */
export interface FloodLimits {
  /** One password tried on so many names in the window: somebody goes through a list of names. */
  readonly namesOfOnePasswordMax: number;
  /** So many failures over all names in the window: somebody goes through a list of stolen pairs. */
  readonly failuresMax: number;
}

export const FLOOD_LIMITS: FloodLimits = { namesOfOnePasswordMax: 20, failuresMax: 1_000 };

/** What is counted is what happened in so many minutes. */
export const FLOOD_WINDOW_MINUTES = 10;

/** While failures over all names are many, browsers that are not known get one try a second, all of them together. */
export const FLOOD_PACE_SECONDS = 1;

/** What was counted in the window. */
export interface FloodCounts {
  readonly namesOfThisPassword: number;
  readonly failures: number;
}

export type Flood = 'one-password' | 'many-failures';

/** What kind of flood a try is part of, if of any. */
export function floodOf(counts: FloodCounts, limits: FloodLimits): Flood | undefined {
  if (counts.namesOfThisPassword >= limits.namesOfOnePasswordMax) return 'one-password';
  return counts.failures >= limits.failuresMax ? 'many-failures' : undefined;
}
