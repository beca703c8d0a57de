import { FAULT_POINTS } from '@florin/saga';
import { TWO_PHASE_POINTS } from '@florin/two-phase-commit';
import type { Role } from './host.ts';
import { RELAY_POINTS } from './over-broker.ts';
import { PARTICIPANT_POINTS, START_POINTS } from './transfer-saga.ts';
import { BRANCH_POINTS } from './two-phase.ts';

/** One kill: which process, where, and whether the transfer is one that is refused. */
export interface Cell {
  readonly role: Role;
  readonly point: string;
  readonly nth: number;
  readonly refused: boolean;
}

export interface Lines {
  readonly payer: readonly string[];
  readonly payee: readonly string[];
}

/** A way for work to cross services, and everything that is killed of it. */
export interface Pattern {
  readonly title: string;
  readonly roles: readonly Role[];
  /** Who begins a transfer and knows how it ended. */
  readonly leader: Role;
  readonly cells: readonly Cell[];
  /** What stands in the books when it is done, and when it is not. */
  readonly lines: { readonly done: Lines; readonly undone: Lines };
  /** A kill that shows when whoever takes part does not look whether something was done before. */
  readonly control: Cell;
}

/** Each point on the way there and on the way back, at the passing that was named. */
function cellsOf(role: Role, points: readonly string[], forward: number, backward: number): Cell[] {
  return points.flatMap((point) => [
    { role, point, nth: forward, refused: false },
    { role, point, nth: backward, refused: true },
  ]);
}

const SAGA_LINES = {
  done: { payer: ['set-aside', 'post-debit'], payee: ['screen', 'receive'] },
  undone: { payer: ['set-aside', 'void'], payee: ['screen', 'unscreen'] },
};

/** There: the third command is the pivot. Back: the fourth undoes the second. */
const [PIVOT, FIRST_UNDO] = [3, 4];

const OVER_REST: Pattern = {
  title: 'orchestrated, over REST',
  roles: ['payer', 'payee', 'orchestrator'],
  leader: 'orchestrator',
  cells: [
    ...cellsOf('orchestrator', START_POINTS, 1, 1),
    ...cellsOf('orchestrator', FAULT_POINTS, PIVOT, FIRST_UNDO),
    // The last transition of each way.
    { role: 'orchestrator', point: 'before-state-commit', nth: 4, refused: false },
    { role: 'orchestrator', point: 'after-state-commit', nth: 5, refused: true },
    // The payer's second command is the pivot, its third the last undoing; the payee's second receives, or undoes.
    ...cellsOf('payer', PARTICIPANT_POINTS, 2, 3),
    ...cellsOf('payee', PARTICIPANT_POINTS, 2, 2),
  ],
  lines: SAGA_LINES,
  control: { role: 'orchestrator', point: 'after-reply', nth: PIVOT, refused: false },
};

/** Those that a runner passes when commands go by the outbox. */
const OUTBOX_FAULT_POINTS = FAULT_POINTS.filter((point) => point.endsWith('commit'));

const OVER_BROKER: Pattern = {
  title: 'orchestrated, over the broker',
  roles: ['broker'],
  leader: 'broker',
  cells: [
    ...cellsOf('broker', START_POINTS, 1, 1),
    ...cellsOf('broker', OUTBOX_FAULT_POINTS, PIVOT, FIRST_UNDO),
    ...cellsOf('broker', RELAY_POINTS, 5, 7),
    ...cellsOf('broker', PARTICIPANT_POINTS, PIVOT, FIRST_UNDO),
    ...cellsOf('broker', ['reply-taken'], PIVOT, FIRST_UNDO),
  ],
  lines: SAGA_LINES,
  control: { role: 'broker', point: 'after-publish', nth: 5, refused: false },
};

const CHOREOGRAPHED: Pattern = {
  title: 'choreographed',
  roles: ['choreographed'],
  leader: 'choreographed',
  cells: [
    ...cellsOf('choreographed', START_POINTS, 1, 1),
    // First the payee's side hears and says, then the payer's.
    ...[1, 2].flatMap((nth) => cellsOf('choreographed', RELAY_POINTS, nth, nth)),
    ...[1, 2].flatMap((nth) => cellsOf('choreographed', PARTICIPANT_POINTS, nth, nth)),
  ],
  lines: {
    done: { payer: ['debit'], payee: ['receive'] },
    undone: { payer: ['debit', 'refund'], payee: [] },
  },
  control: { role: 'choreographed', point: 'after-effect-commit', nth: 1, refused: false },
};

const TWO_PHASE: Pattern = {
  title: 'two-phase commit',
  roles: ['two-phase'],
  leader: 'two-phase',
  cells: [
    ...cellsOf('two-phase', BRANCH_POINTS, 1, 1),
    ...cellsOf('two-phase', TWO_PHASE_POINTS, 1, 1),
    // Both have promised.
    { role: 'two-phase', point: 'after-prepare', nth: 2, refused: false },
    { role: 'two-phase', point: 'before-prepare-transaction', nth: 2, refused: false },
  ],
  lines: {
    done: { payer: ['debit'], payee: ['receive'] },
    undone: { payer: [], payee: [] },
  },
  control: { role: 'two-phase', point: 'after-decision', nth: 1, refused: false },
};

export const PATTERNS: readonly Pattern[] = [OVER_REST, OVER_BROKER, CHOREOGRAPHED, TWO_PHASE];
