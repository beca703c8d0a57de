import type { Tally } from './tally.ts';
import { Violation } from './violation.ts';

/** Hears what happens. `subject` is whose history it belongs to; texts are only made when somebody listens. */
export type Trace = (subject: string, text: () => string) => void;

/** A way of working together that is simulated. */
export interface Kind {
  readonly name: string;
  /** What one seed is about, for the summary: sagas, transactions. */
  readonly subjects: string;
  /** Safeguards that are taken away one at a time. */
  readonly mutants: readonly string[];
  /**
   * Runs one seed, as it is or with one safeguard missing. Throws a `Violation` at the first invariant that does not
   * hold, and whatever else the code under test throws.
   */
  run(seed: number, mutant?: string, trace?: Trace): Tally;
}

/** What a run came to when it did not come to its end. */
export interface Failure {
  readonly seed: number;
  /** Its name, or `throws` when the code under test stopped by itself. */
  readonly invariant: string;
  readonly subject: string;
  readonly detail: string;
}

/** Runs one seed; answers what was wrong, or nothing. */
export function tryRun(kind: Kind, seed: number, mutant?: string, tally?: Tally): Failure | undefined {
  try {
    const counted = kind.run(seed, mutant);
    tally?.addAll(counted);
    return undefined;
  } catch (error) {
    if (error instanceof Violation) {
      return { seed, invariant: error.invariant, subject: error.subject, detail: error.message };
    }
    return {
      seed,
      invariant: 'throws',
      subject: 'world',
      detail: error instanceof Error ? (error.stack ?? '') : String(error),
    };
  }
}

/** Runs a seed once more and writes down what happened to one subject, or to all. */
export function historyOf(kind: Kind, seed: number, subject: string | undefined, mutant?: string): string[] {
  const lines: string[] = [];
  const isEverything = subject === undefined || subject === 'world';
  const trace: Trace = (of, text) => {
    if (isEverything) lines.push(`${of} ${text()}`);
    else if (of === subject || of === 'world') lines.push(text());
  };
  try {
    kind.run(seed, mutant, trace);
  } catch {
    // The failure is known; this run is for what led to it.
  }
  return lines;
}
