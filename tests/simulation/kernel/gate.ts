import { type Failure, type Kind, tryRun } from './kind.ts';

/** How soon it is noticed that a safeguard is missing. */
export interface Catch {
  readonly kind: string;
  readonly mutant: string;
  /** How many seeds it took until one failed; undefined when none of them did: the mutant survives. */
  readonly seeds: number | undefined;
  readonly first: Failure | undefined;
}

/** Takes away every safeguard of a kind in turn, and runs seeds until one fails or `seedsMax` have not. */
export function missEach(kind: Kind, from: number, seedsMax: number): Catch[] {
  return kind.mutants.map((mutant) => {
    for (let seeds = 1; seeds <= seedsMax; seeds += 1) {
      const first = tryRun(kind, from + seeds - 1, mutant);
      if (first !== undefined) return { kind: kind.name, mutant, seeds, first };
    }
    return { kind: kind.name, mutant, seeds: undefined, first: undefined };
  });
}
