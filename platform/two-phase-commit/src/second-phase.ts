import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger, Metrics } from '@florin/observability';
import type { Decision, DecisionLog } from './decision-log.ts';
import type { TwoPhaseParticipant } from './participant.ts';
import { type Acknowledgement, progress } from './protocol.ts';

export interface SecondPhaseOptions {
  readonly decisions: DecisionLog;
  readonly participants: ReadonlyMap<string, TwoPhaseParticipant<never, unknown>>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Where the second phase can be stopped by a test. */
export interface SecondPhasePoints {
  afterFirst(): void | Promise<void>;
  beforeEnded(): void | Promise<void>;
}

/** A branch is told this often before it is left to the resolver: once more helps after a lost connection. */
const ATTEMPTS = 2;
const PAUSE_MS = 25;

/**
 * Tells every branch what was decided, all at once, and marks the decision as ended when all have acknowledged. A
 * branch that could not be told stays in the log for a resolver; one that ended against the decision is marked for a
 * person. Can be repeated. Answers whether the decision has ended.
 */
export async function driveSecondPhase(
  options: SecondPhaseOptions,
  decision: Pick<Decision, 'gid' | 'outcome' | 'branches'>,
  points?: SecondPhasePoints,
): Promise<boolean> {
  const { gid } = decision;
  const branches = [...decision.branches].sort();
  let hasFirst = false;
  const acknowledgements = await Promise.all(
    branches.map(async (branch) => {
      const acknowledgement = await tell(options, decision, branch);
      if (!hasFirst && acknowledgement === 'acknowledged') {
        hasFirst = true;
        await points?.afterFirst();
      }
      return acknowledgement;
    }),
  );
  const reached = progress(acknowledgements);
  if (reached === 'ended') await points?.beforeEnded();
  try {
    if (reached === 'ended') await options.decisions.end(gid);
    if (reached === 'attention') {
      await callForAttention(
        options,
        decision,
        branches.filter((_, index) => acknowledgements[index] === 'damaged'),
      );
    }
  } catch (error) {
    options.logger.warn({ err: error, gid, reached }, 'what a two-phase transaction came to could not be noted');
    return false;
  }
  return reached === 'ended';
}

async function callForAttention(
  { decisions, logger, metrics }: SecondPhaseOptions,
  { gid, outcome }: Pick<Decision, 'gid' | 'outcome'>,
  damaged: readonly string[],
): Promise<void> {
  metrics
    .counter('florin_two_phase_damaged_total', 'Times that a branch was found to have ended against the decision')
    .inc();
  logger.error({ gid, outcome, damaged }, 'a branch ended against the decision; a person must look');
  await decisions.requireAttention(gid, `decided: ${outcome}; ended otherwise, behind our back: ${damaged.join(', ')}`);
}

async function tell(
  options: SecondPhaseOptions,
  { gid, outcome }: Pick<Decision, 'gid' | 'outcome'>,
  branch: string,
): Promise<Acknowledgement | undefined> {
  const participant = options.participants.get(branch);
  if (participant === undefined) {
    options.logger.error({ gid, outcome, branch }, 'a two-phase decision names a participant nobody knows');
    return undefined;
  }
  for (let attempt = 1; ; attempt += 1) {
    let answer: Acknowledgement | undefined;
    try {
      answer = await (outcome === 'commit' ? participant.commit(gid) : participant.rollback(gid));
      if (answer !== 'busy') return answer;
    } catch (error) {
      options.logger.warn({ err: error, gid, outcome, branch, attempt }, 'a branch could not be finished');
    }
    if (attempt === ATTEMPTS) return answer;
    await sleep(PAUSE_MS);
  }
}
