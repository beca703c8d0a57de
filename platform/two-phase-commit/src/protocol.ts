/**
 * Two-phase commit with presumed abort (Mohan, Lindsay and Obermarck 1986), the decisions alone: no clock, no
 * connection, no waiting. What runs against PostgreSQL and what is simulated ask the same functions.
 *
 * ONE row decides. An outcome is proposed by inserting it under the gid; whoever comes second obeys the row that is
 * there. Nobody ever finishes a branch without having read that row.
 */

/** How a distributed transaction ends. */
export type Outcome = 'commit' | 'abort';

/** Why a branch cannot be committed although nothing is wrong with the order itself. */
export type Obstacle =
  /** The transaction was aborted already, the same PREPARE came before, or the gid is older than `PREPARE_AGE_MAX_MS`. */
  | 'too-late'
  /** A lock was not granted in time. */
  | 'busy'
  | 'deadlock'
  /** max_prepared_transactions is reached. */
  | 'no-slot'
  /** The database could not be reached, and surely nothing was prepared. */
  | 'unavailable';

/** What a participant answers to PREPARE. */
export type Vote<Refusal> =
  | { readonly vote: 'yes' }
  /** Nothing is prepared and nothing will be. */
  | { readonly vote: 'no'; readonly code: 'refused'; readonly refusal: Refusal }
  | { readonly vote: 'no'; readonly code: Obstacle }
  /** The connection was lost during PREPARE: it may be prepared. */
  | { readonly vote: 'unknown' };

/** Why a transaction was aborted: the first reason in the order of the branches, a refusal before any other. */
export type AbortReason<Refusal> =
  | { readonly code: 'refused'; readonly branch: string; readonly refusal: Refusal }
  | { readonly code: Obstacle | 'vote-unknown' | 'vote-missing'; readonly branch: string }
  /** All voted yes, and a resolver that took the coordinator for dead was faster. */
  | { readonly code: 'decided-elsewhere' };

/** What a coordinator tries to write into the log. */
export type Proposal<Refusal> =
  | { readonly outcome: 'commit' }
  | { readonly outcome: 'abort'; readonly reason: AbortReason<Refusal> };

/**
 * What to propose once the voting is over: commit when every branch said yes; abort otherwise. A branch without a vote
 * has run out of time.
 */
export function propose<Refusal>(
  branches: readonly string[],
  votes: ReadonlyMap<string, Vote<Refusal>>,
): Proposal<Refusal> {
  const reasons = branches.flatMap((branch) => reasonOf(branch, votes.get(branch)));
  const reason = reasons.find(({ code }) => code === 'refused') ?? reasons[0];
  return reason === undefined ? { outcome: 'commit' } : { outcome: 'abort', reason };
}

function reasonOf<Refusal>(branch: string, vote: Vote<Refusal> | undefined): AbortReason<Refusal>[] {
  if (vote === undefined) return [{ code: 'vote-missing', branch }];
  if (vote.vote === 'yes') return [];
  if (vote.vote === 'unknown') return [{ code: 'vote-unknown', branch }];
  return vote.code === 'refused' ? [{ code: 'refused', branch, refusal: vote.refusal }] : [{ code: vote.code, branch }];
}

/** The row that stands after a proposal: the one that was there, whatever was proposed. */
export function standing(row: Outcome | undefined, proposed: Outcome): Outcome {
  return row ?? proposed;
}

/** What is known about a gid when somebody finds a prepared branch of it. */
export type LogAnswer =
  | Outcome
  /** Its log answered, and has no row. */
  | 'undecided'
  /** Its log could not be asked. */
  | 'unreachable'
  /** No coordinator is known to which the gid belongs. */
  | 'no-coordinator';

/**
 * What a resolver does with a prepared branch. Age is no argument, on purpose: a branch may be finished because of what
 * the log says and for no other reason.
 */
export type PreparedAction =
  | 'commit'
  | 'roll-back'
  /** Write ABORT into the log, and then do what the row says that stands there. */
  | 'propose-abort'
  /** Keep it, and ask again later. */
  | 'ask-again'
  /** An orphan: shown to operators, never touched. */
  | 'leave';

export function actionOnPrepared(answer: LogAnswer): PreparedAction {
  switch (answer) {
    case 'commit':
      return 'commit';
    case 'abort':
      return 'roll-back';
    case 'undecided':
      return 'propose-abort';
    case 'unreachable':
      return 'ask-again';
    case 'no-coordinator':
      return 'leave';
  }
}

/** What can be seen of a branch in its database: the row of a committed branch, a tombstone, or neither. */
export type Marker = 'prepared' | 'aborted' | 'absent';

/** May a branch be prepared? Only when nobody was there before, neither the same PREPARE nor an abort. */
export function mayPrepare(marker: Marker): boolean {
  return marker === 'absent';
}

/** What a participant answers in the second phase. Not reached at all is a fault and not an answer. */
export type Acknowledgement =
  | 'acknowledged'
  /** Somebody else is finishing it, or it is still being prepared: ask again. */
  | 'busy'
  /** The branch ended against the decision (a heuristic outcome, in the words of X/Open XA): a person must look. */
  | 'damaged';

/**
 * What it means that there is no prepared transaction to finish (SQLSTATE 42704), which by itself says nothing: it may
 * have been committed before, rolled back behind our back, or never have been there. The marker tells them apart.
 * `write-tombstone`: nothing was prepared, so make sure that nothing can be.
 */
export function judgeMissing(outcome: Outcome, marker: Marker): Exclude<Acknowledgement, 'busy'> | 'write-tombstone' {
  if (outcome === 'commit') return marker === 'prepared' ? 'acknowledged' : 'damaged';
  if (marker === 'absent') return 'write-tombstone';
  return marker === 'aborted' ? 'acknowledged' : 'damaged';
}

/** What the second phase has come to: over, not yet, or in need of a person. */
export function progress(acknowledgements: Iterable<Acknowledgement | undefined>): 'ended' | 'open' | 'attention' {
  let result: 'ended' | 'open' | 'attention' = 'ended';
  for (const acknowledgement of acknowledgements) {
    if (acknowledgement === 'damaged') return 'attention';
    if (acknowledgement !== 'acknowledged') result = 'open';
  }
  return result;
}
