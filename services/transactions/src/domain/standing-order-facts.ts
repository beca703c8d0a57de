import type { Actor } from './actor.ts';
import type { Execution, StandingOrder } from './standing-order.ts';

/** Something that happened to a standing order and that others may want to know. */
export type StandingOrderFact =
  | {
      readonly kind: 'executed';
      /** As it was left by the execution. */
      readonly order: StandingOrder;
      readonly execution: Execution;
      /** By the business clock. */
      readonly atMs: number;
    }
  | {
      readonly kind: 'action';
      readonly order: StandingOrder;
      readonly action: 'create' | 'pause' | 'resume' | 'skip' | 'cancel';
      readonly actor: Actor;
    };
