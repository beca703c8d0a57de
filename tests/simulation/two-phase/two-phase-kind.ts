import type { Kind } from '../kernel/kind.ts';
import { MUTANTS, REAL } from './core.ts';
import { runTwoPhase } from './run-two-phase.ts';

export const TWO_PHASE: Kind = {
  name: 'two-phase',
  subjects: 'transactions',
  mutants: Object.keys(MUTANTS),
  run: (seed, mutant, trace) => {
    const core = mutant === undefined ? REAL : MUTANTS[mutant];
    if (core === undefined) throw new RangeError(`there is no mutant ${mutant}`);
    return runTwoPhase(seed, core, trace);
  },
};
