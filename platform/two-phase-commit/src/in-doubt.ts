import type { TwoPhaseParticipant } from './participant.ts';
import type { LogAnswer } from './protocol.ts';
import { ask, type DecisionsFor, placeOf } from './whose-branch.ts';

/** A prepared branch, as an operator sees it. */
export interface InDoubt {
  /** The name it is prepared under, for `pg_prepared_xacts`. */
  readonly name: string;
  /** Undefined, like the branch, for a name that is none of ours. */
  readonly gid: string | undefined;
  readonly branch: string | undefined;
  readonly database: string;
  readonly preparedAt: Date;
  readonly ageMs: number;
  readonly logSays: LogAnswer;
}

/**
 * Everything that is prepared now, the oldest first, and what its log says about it. Changes nothing: an undecided
 * transaction stays undecided. Throws when a participant cannot be asked, since a list that lacks some misleads.
 */
export async function listInDoubt(
  participants: ReadonlyMap<string, TwoPhaseParticipant<never, unknown>>,
  decisionsFor: DecisionsFor,
): Promise<InDoubt[]> {
  const listed = await Promise.all(
    [...participants.values()].map(async (participant) => ({
      participant,
      prepared: await participant.listPrepared(),
    })),
  );
  const found: InDoubt[] = [];
  for (const { participant, prepared } of listed) {
    for (const item of prepared) {
      const { name, branch, database, preparedAt, ageMs } = item;
      const logSays = await ask(placeOf(participant, item, decisionsFor));
      found.push({ name, gid: branch?.gid, branch: branch?.branch, database, preparedAt, ageMs, logSays });
    }
  }
  return found.sort((left, right) => right.ageMs - left.ageMs);
}
