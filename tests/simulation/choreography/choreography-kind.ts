import type { Kind } from '../kernel/kind.ts';
import { MUTANTS, REAL } from './core.ts';
import { runChoreography } from './run-choreography.ts';

export const CHOREOGRAPHY: Kind = {
  name: 'choreography',
  subjects: 'transfers',
  mutants: Object.keys(MUTANTS),
  run: (seed, mutant, trace) => {
    const core = mutant === undefined ? REAL : MUTANTS[mutant];
    if (core === undefined) throw new RangeError(`there is no mutant ${mutant}`);
    return runChoreography(seed, core, trace);
  },
};
