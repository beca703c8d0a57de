import type { Logger, Metrics } from '@florin/observability';
import { Fault } from '@florin/primitives';
import type { Decision, DecisionLog } from './decision-log.ts';
import type { TwoPhaseParticipant } from './participant.ts';
import type { PreparedBranch } from './prepared.ts';
import { actionOnPrepared } from './protocol.ts';
import { driveSecondPhase } from './second-phase.ts';
import { answerOf, ask, type DecisionsFor, placeOf } from './whose-branch.ts';

export interface ResolverOptions {
  /** Everybody whose prepared branches are looked at, and who is told what was decided. */
  readonly participants: ReadonlyMap<string, TwoPhaseParticipant<never, unknown>>;
  readonly decisionsFor: DecisionsFor;
  /** The logs whose open decisions are driven on from here. */
  readonly logs: readonly DecisionLog[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What is younger is left to its coordinator, which is most likely at work; 5 s unless told otherwise. */
  readonly graceMs?: number;
  /** At most this many branches of a participant are finished, and decisions of a log driven, in one run; 100 by default. */
  readonly limit?: number;
}

/** What one run did. */
export interface Resolution {
  readonly committed: number;
  readonly rolledBack: number;
  /** Older than the grace and still prepared: the log or the database could not be reached, or somebody is at it. */
  readonly inDoubt: number;
  /** Prepared branches that nobody answers for. They are left alone. */
  readonly orphans: readonly PreparedBranch[];
  /** Decisions told to everybody in this run. */
  readonly ended: number;
}

const GRACE_MS = 5_000;
const LIMIT = 100;
/** Decisions that are driven at the same time. */
const DRIVEN_AT_ONCE = 8;

type Finding = 'committed' | 'rolled-back' | 'in-doubt' | 'orphan';

/**
 * Finishes what crashes and lost connections left behind; for the start of a service and every few seconds after. A
 * prepared branch is finished as its log says. Is there no row, ABORT is written, and whatever row stands then is obeyed.
 * A branch that nobody answers for stays as it is. Safe to run anywhere, any number of times, beside the coordinators.
 * Participants and logs that are away are left for the next run.
 */
export async function resolveInDoubt(options: ResolverOptions): Promise<Resolution> {
  const away = new Set<object>();
  const perParticipant = await Promise.all(
    [...options.participants.values()].map((participant) => resolveParticipant(options, participant, away)),
  );
  let ended = 0;
  for (const log of options.logs) ended += await driveOpen(options, log);
  const findings = perParticipant.flatMap((found) => found.findings);
  const count = (finding: Finding): number => findings.filter((found) => found === finding).length;
  return {
    committed: count('committed'),
    rolledBack: count('rolled-back'),
    inDoubt: count('in-doubt'),
    orphans: perParticipant.flatMap((found) => found.orphans),
    ended,
  };
}

interface Found {
  readonly findings: readonly Finding[];
  readonly orphans: readonly PreparedBranch[];
}

async function resolveParticipant(
  options: ResolverOptions,
  participant: TwoPhaseParticipant<never, unknown>,
  away: Set<object>,
): Promise<Found> {
  const { graceMs = GRACE_MS, limit = LIMIT, logger } = options;
  let prepared: readonly PreparedBranch[];
  try {
    prepared = await participant.listPrepared();
  } catch (error) {
    logger.warn({ err: error, participant: participant.name }, 'a participant could not be asked what is prepared');
    return { findings: [], orphans: [] };
  }
  const old = prepared.filter((branch) => branch.ageMs >= graceMs);
  const findings: Finding[] = [];
  const orphans: PreparedBranch[] = [];
  let oldestMs = 0;
  let finished = 0;
  for (const branch of old) {
    // Only what was finished counts, or enough of what cannot be finished would keep the rest from being looked at.
    const finding = finished < limit ? await resolveOne(options, participant, branch, away) : 'in-doubt';
    findings.push(finding);
    if (finding === 'orphan') orphans.push(branch);
    else if (finding === 'in-doubt') oldestMs = Math.max(oldestMs, branch.ageMs);
    else finished += 1;
  }
  measure(options.metrics, participant.name, {
    inDoubt: findings.filter((finding) => finding === 'in-doubt').length,
    oldestMs,
    orphans: orphans.length,
  });
  return { findings, orphans };
}

/** `away` is what did not answer in this run: asking it again for every branch would take a time-out each. */
async function resolveOne(
  options: ResolverOptions,
  participant: TwoPhaseParticipant<never, unknown>,
  prepared: PreparedBranch,
  away: Set<object>,
): Promise<Finding> {
  const { branch, name, ageMs } = prepared;
  const line = { name, ageMs, database: prepared.database };
  const place = placeOf(participant, prepared, options.decisionsFor);
  if (away.has(participant) || (place !== undefined && away.has(place.log))) return 'in-doubt';
  let asked: object | undefined = place?.log;
  try {
    let answer = await ask(place);
    if (actionOnPrepared(answer) === 'propose-abort' && place !== undefined) {
      const row = await place.log.decide({ gid: place.gid, outcome: 'abort', branches: [participant.name] });
      answer = answerOf(row, participant.name);
    }
    const action = actionOnPrepared(answer);
    if (action === 'leave' || branch === undefined) {
      options.logger.error(line, 'an orphan is prepared: nobody answers for it, and it keeps its locks');
      return 'orphan';
    }
    if (action === 'commit' || action === 'roll-back') {
      asked = participant;
      const told = action === 'commit' ? participant.commit(branch.gid) : participant.rollback(branch.gid);
      const acknowledgement = await told;
      options.logger.warn({ ...line, action, acknowledgement }, 'a branch that was in doubt was told how it ends');
      if (acknowledgement !== 'acknowledged') return 'in-doubt';
      return action === 'commit' ? 'committed' : 'rolled-back';
    }
    if (asked !== undefined) away.add(asked);
    options.logger.warn(line, 'a branch stays in doubt: its log does not answer');
  } catch (error) {
    // An error of the server is about this branch; a fault is about all that is asked of the same database.
    if (error instanceof Fault && asked !== undefined) away.add(asked);
    options.logger.warn({ ...line, err: error }, 'a branch stays in doubt');
  }
  return 'in-doubt';
}

async function driveOpen(options: ResolverOptions, log: DecisionLog): Promise<number> {
  const { graceMs = GRACE_MS, limit = LIMIT, logger, metrics, participants } = options;
  let open: readonly Decision[];
  try {
    open = await log.claimOpen(graceMs, limit);
  } catch (error) {
    logger.warn({ err: error }, 'a log could not be asked for what has not ended');
    return 0;
  }
  let ended = 0;
  for (let from = 0; from < open.length; from += DRIVEN_AT_ONCE) {
    const driven = open
      .slice(from, from + DRIVEN_AT_ONCE)
      .map((decision) => driveSecondPhase({ decisions: log, participants, logger, metrics }, decision));
    ended += (await Promise.all(driven)).filter(Boolean).length;
  }
  return ended;
}

function measure(
  metrics: Metrics,
  participant: string,
  state: { readonly inDoubt: number; readonly oldestMs: number; readonly orphans: number },
): void {
  const labels = ['participant'];
  metrics
    .gauge('florin_two_phase_in_doubt', 'Branches that a resolver found prepared and could not finish', labels)
    .set({ participant }, state.inDoubt);
  metrics
    .gauge('florin_two_phase_in_doubt_oldest_seconds', 'Age of the oldest of them; 0 when there is none', labels)
    .set({ participant }, state.oldestMs / 1000);
  metrics
    .gauge('florin_two_phase_orphans', 'Prepared branches that no coordinator answers for', labels)
    .set({ participant }, state.orphans);
}
