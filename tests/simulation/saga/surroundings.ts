import type { Trace } from '../kernel/kind.ts';
import type { Random } from '../kernel/random.ts';
import type { Tally } from '../kernel/tally.ts';
import type { Timeline } from '../kernel/timeline.ts';
import type { Core } from './core.ts';
import type { Faults } from './faults.ts';

/** What happened to a saga that may explain why people were asked. */
export type Mark = 'delivery' | 'pending' | 'cannot-undo' | 'poison' | 'refusal';

/** What everything in a world can see of it. */
export interface Surroundings {
  readonly core: Core;
  readonly random: Random;
  readonly timeline: Timeline;
  readonly tally: Tally;
  readonly faults: Faults;
  readonly trace: Trace;
  /** Notes that something went wrong for a saga; for all of them when it is `world`. */
  mark(sagaId: string, mark: Mark, why: string): void;
}
