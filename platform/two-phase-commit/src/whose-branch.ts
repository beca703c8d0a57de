import { Fault } from '@florin/primitives';
import type { Decision, DecisionLog } from './decision-log.ts';
import type { TwoPhaseParticipant } from './participant.ts';
import type { PreparedBranch } from './prepared.ts';
import type { LogAnswer } from './protocol.ts';

/**
 * Where the decision on a gid is written; undefined when no known coordinator answers for it. It must never name
 * another log than the coordinator wrote to: the number of shards may change only while nothing is prepared.
 */
export type DecisionsFor = (gid: string) => DecisionLog | undefined;

/** A branch, and the log that says how it ends. */
export interface BranchPlace {
  readonly gid: string;
  readonly branch: string;
  readonly log: DecisionLog;
}

/** Undefined for an orphan: a name that is none of ours, another participant's branch, or a gid without a log. */
export function placeOf(
  participant: Pick<TwoPhaseParticipant<never, unknown>, 'name'>,
  { branch }: PreparedBranch,
  decisionsFor: DecisionsFor,
): BranchPlace | undefined {
  if (branch?.branch !== participant.name) return undefined;
  const log = decisionsFor(branch.gid);
  return log === undefined ? undefined : { ...branch, log };
}

/** What the log says of a branch. Only reads. */
export async function ask(place: BranchPlace | undefined): Promise<LogAnswer> {
  if (place === undefined) return 'no-coordinator';
  try {
    const decision = await place.log.find(place.gid);
    return decision === undefined ? 'undecided' : answerOf(decision, place.branch);
  } catch (error) {
    if (error instanceof Fault) return 'unreachable';
    throw error;
  }
}

/** A decision to commit speaks for the branches that had voted; a branch it does not name is somebody's mistake. */
export function answerOf(decision: Decision, branch: string): LogAnswer {
  if (decision.outcome === 'commit' && !decision.branches.includes(branch)) return 'no-coordinator';
  return decision.outcome;
}
