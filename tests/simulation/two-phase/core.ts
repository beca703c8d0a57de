import { actionOnPrepared, judgeMissing, mayPrepare, progress, propose, standing } from '@florin/two-phase-commit';

/** What is under test, and what keeps it safe. The world runs `REAL`, the gate takes one safeguard away at a time. */
export interface Core {
  readonly propose: typeof propose;
  readonly standing: typeof standing;
  readonly actionOnPrepared: typeof actionOnPrepared;
  readonly mayPrepare: typeof mayPrepare;
  readonly judgeMissing: typeof judgeMissing;
  readonly progress: typeof progress;
  /** An abort leaves a row that refuses a PREPARE which is still on its way. */
  readonly writesTombstones: boolean;
  /** What is prepared carries a row that can be seen once it is committed. */
  readonly writesMarkers: boolean;
  /** Somebody looks after what crashes leave behind. */
  readonly resolves: boolean;
  /** The coordinator obeys the row of the log and not its own proposal. */
  readonly obeysRow: boolean;
  /** A PREPARE whose marker may have been purged is refused. */
  readonly refusesOld: boolean;
}

export const REAL: Core = {
  propose,
  standing,
  actionOnPrepared,
  mayPrepare,
  judgeMissing,
  progress,
  writesTombstones: true,
  writesMarkers: true,
  resolves: true,
  obeysRow: true,
  refusesOld: true,
};

/** Every safeguard taken away, one at a time. The name says what is missing, or what is done instead. */
export const MUTANTS: Readonly<Record<string, Core>> = {
  noTombstone: { ...REAL, writesTombstones: false },
  noMarker: { ...REAL, writesMarkers: false },
  noResolver: { ...REAL, resolves: false },
  noAgeLimit: { ...REAL, refusesOld: false },
  /** The last proposal wins, not the first. */
  decisionOverwritten: { ...REAL, standing: (_, proposed) => proposed },
  /** The coordinator believes itself and not the log. */
  obeysItself: { ...REAL, obeysRow: false },
  /** What nobody has decided for a while is rolled back without asking for a row. */
  abortByAge: {
    ...REAL,
    actionOnPrepared: (answer) => (answer === 'undecided' ? 'roll-back' : actionOnPrepared(answer)),
  },
  /** A log that can not be reached is taken for one that has no row. */
  unreachableIsAbort: {
    ...REAL,
    actionOnPrepared: (answer) => (answer === 'unreachable' ? 'roll-back' : actionOnPrepared(answer)),
  },
  /** What nobody answers for is cleared away. */
  orphanRolledBack: {
    ...REAL,
    actionOnPrepared: (answer) => (answer === 'no-coordinator' ? 'roll-back' : actionOnPrepared(answer)),
  },
  /** A vote that was lost counts as a yes. */
  missingVoteIsYes: {
    ...REAL,
    propose: (branches, votes) =>
      propose(
        [...branches].filter((branch) => votes.get(branch)?.vote === 'no'),
        votes,
      ),
  },
  /** "Does not exist" is taken for "was committed". */
  missingIsCommitted: {
    ...REAL,
    judgeMissing: (outcome, marker) => (outcome === 'commit' ? 'acknowledged' : judgeMissing(outcome, marker)),
  },
};
