import { CHOREOGRAPHY } from './choreography/choreography-kind.ts';
import type { Kind } from './kernel/kind.ts';
import { SAGAS } from './saga/saga-kind.ts';
import { TWO_PHASE } from './two-phase/two-phase-kind.ts';

/** Everything that is simulated. */
export const KINDS: readonly Kind[] = [SAGAS, TWO_PHASE, CHOREOGRAPHY];
