import type { Kind } from './kernel/kind.ts';
import { SAGAS } from './saga/saga-kind.ts';

/** Everything that is simulated. */
export const KINDS: readonly Kind[] = [SAGAS];
