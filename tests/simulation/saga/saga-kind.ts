import type { Kind } from '../kernel/kind.ts';
import { REAL } from './core.ts';
import { MUTANTS, SPARES } from './mutants.ts';
import { runSagas } from './run-sagas.ts';

export const SAGAS: Kind = {
  name: 'saga',
  subjects: 'sagas',
  mutants: Object.keys(MUTANTS),
  run: (seed, mutant, trace) => {
    const core = mutant === undefined ? REAL : (MUTANTS[mutant] ?? SPARES[mutant]);
    if (core === undefined) throw new RangeError(`there is no mutant ${mutant}`);
    return runSagas(seed, core, trace);
  },
};
