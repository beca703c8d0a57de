import type { EnforcedStatus } from './account.ts';
import type { Actor } from './actor.ts';
import type { Follows } from './follows.ts';

/** Something that happened here and that others may want to know. */
export type Fact =
  | {
      readonly kind: 'status-changed';
      readonly accountId: string;
      readonly status: EnforcedStatus;
      readonly owners: readonly string[];
      readonly controlVersion: number;
      readonly follows?: Follows;
      /** Nothing changed: it is said again, to what `follows`. */
      readonly isRestated?: boolean;
    }
  | {
      readonly kind: 'action';
      /** What makes the record of the action unique. */
      readonly id: string;
      readonly accountId: string;
      readonly action: string;
      readonly actor: Actor;
      readonly outcome: 'done' | 'refused';
      readonly reason: string | null;
    };
