import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger, Metrics } from '@florin/observability';
import { Fault, invariant } from '@florin/primitives';
import { preparedName } from './branch-name.ts';
import type { Decision, DecisionLog } from './decision-log.ts';
import type { TwoPhaseParticipant } from './participant.ts';
import { type AbortReason, type Proposal, propose, type Vote } from './protocol.ts';
import { driveSecondPhase } from './second-phase.ts';

/** How a run ended. `isEnded`: every branch has acknowledged; otherwise a resolver tells the rest. */
export type TwoPhaseOutcome<Refusal> =
  | { readonly status: 'committed'; readonly isEnded: boolean }
  | { readonly status: 'aborted'; readonly reason: AbortReason<Refusal>; readonly isEnded: boolean }
  /** The log could not be reached after the voting: it may say commit. A resolver finishes it; ask the log later. */
  | { readonly status: 'in-doubt' };

/**
 * Where a test may look or stop: a hook that throws leaves everything as a crash at that point would. `after-prepare` is
 * once a branch, when its vote is in; at `after-first-commit` one branch has acknowledged, and the others may have.
 */
export const TWO_PHASE_POINTS = [
  'before-prepare',
  'after-prepare',
  'before-decision',
  'after-decision',
  'after-first-commit',
  'before-ended',
] as const;
export type TwoPhasePoint = (typeof TWO_PHASE_POINTS)[number];

export interface CoordinatorOptions<Work, Refusal> {
  /** The log in the database that the gids of this coordinator belong to. Its clock dates the decisions. */
  readonly decisions: DecisionLog;
  readonly participants: ReadonlyMap<string, TwoPhaseParticipant<Work, Refusal>>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How long the votes are waited for, 3 s unless told otherwise; then the transaction is aborted. */
  readonly voteTimeoutMs?: number;
  at?(point: TwoPhasePoint): void | Promise<void>;
}

export interface Coordinator<Work, Refusal> {
  /**
   * Does the work of every branch or of none. Call it once for a gid, a UUID of version 7: a second call while the
   * first one votes may abort both, one that comes later answers as the first one ended.
   * What a participant throws beside a `Fault` aborts the transaction and is thrown again.
   */
  run(gid: string, work: ReadonlyMap<string, Work>): Promise<TwoPhaseOutcome<Refusal>>;
}

/** Above a lock timeout and a wait for a connection, below what a caller of the bank waits. */
const VOTE_TIMEOUT_MS = 3_000;
/** All votes may say yes, so the log is worth asking more than once: until it answers, every branch keeps its locks. */
const DECIDE_ATTEMPTS = 4;
const DECIDE_PAUSE_FIRST_MS = 50;

/**
 * Opens a coordinator: prepares in parallel, writes the decision, tells everybody in parallel. It keeps nothing in
 * memory that a resolver would need.
 */
export function createCoordinator<Work, Refusal>(
  options: CoordinatorOptions<Work, Refusal>,
): Coordinator<Work, Refusal> {
  const { participants, decisions } = options;
  const finished = options.metrics.counter('florin_two_phase_total', 'Two-phase transactions that ran', ['status']);
  const at = async (point: TwoPhasePoint): Promise<void> => options.at?.(point);

  return {
    async run(gid, work) {
      const branches = [...work.keys()].sort();
      invariant(branches.length > 0, 'a two-phase transaction has at least one branch');
      for (const branch of branches) {
        invariant(participants.has(branch), `${branch} is no participant`);
        preparedName({ gid, branch });
      }
      await at('before-prepare');
      const ballot = await vote(options, gid, work, at);
      const proposal = propose(branches, ballot.votes);
      await at('before-decision');
      const decision = await decide(options, { gid, outcome: proposal.outcome, branches });
      if (decision === undefined) {
        finished.inc({ status: 'in-doubt' });
        return { status: 'in-doubt' };
      }
      await at('after-decision');
      const isEnded = await driveSecondPhase(
        { decisions, participants, logger: options.logger, metrics: options.metrics },
        { gid, outcome: decision.outcome, branches: concerned(decision, branches) },
        { afterFirst: () => at('after-first-commit'), beforeEnded: () => at('before-ended') },
      );
      const outcome = outcomeOf(decision, proposal, isEnded);
      finished.inc({ status: outcome.status });
      if (outcome.status === 'aborted' && ballot.bugs.length > 0) throw ballot.bugs[0];
      return outcome;
    },
  };
}

/**
 * Who is to be told. The row of a resolver names only the branch it had found; the row of a commit names all that voted,
 * and nobody else may commit because of it.
 */
function concerned(decision: Decision, branches: readonly string[]): readonly string[] {
  return decision.outcome === 'commit' ? decision.branches : [...new Set([...decision.branches, ...branches])];
}

function outcomeOf<Refusal>(
  decision: Decision,
  proposal: Proposal<Refusal>,
  isEnded: boolean,
): TwoPhaseOutcome<Refusal> {
  if (decision.outcome === 'commit') return { status: 'committed', isEnded };
  const reason = proposal.outcome === 'abort' ? proposal.reason : ({ code: 'decided-elsewhere' } as const);
  return { status: 'aborted', reason, isEnded };
}

interface Ballot<Refusal> {
  readonly votes: ReadonlyMap<string, Vote<Refusal>>;
  /** What was thrown and is no fault of the environment. */
  readonly bugs: readonly unknown[];
}

/** Asks all branches at once, and answers with the votes that were in when all had voted or the time was over. */
async function vote<Work, Refusal>(
  options: CoordinatorOptions<Work, Refusal>,
  gid: string,
  work: ReadonlyMap<string, Work>,
  at: (point: TwoPhasePoint) => Promise<void>,
): Promise<Ballot<Refusal>> {
  const votes = new Map<string, Vote<Refusal>>();
  const bugs: unknown[] = [];
  const ask = async ([branch, order]: [string, Work]): Promise<void> => {
    try {
      const participant = options.participants.get(branch);
      invariant(participant, `${branch} is no participant`);
      votes.set(branch, await participant.prepare(gid, order));
    } catch (error) {
      // Whatever went wrong, the branch may be prepared.
      votes.set(branch, { vote: 'unknown' });
      if (!(error instanceof Fault)) bugs.push(error);
      options.logger.warn({ err: error, gid, branch }, 'a branch could not vote');
    }
    await at('after-prepare');
  };
  const sorted = [...work].sort(([left], [right]) => (left < right ? -1 : 1));
  const waiting = new AbortController();
  const voting = Promise.all(sorted.map(ask)).finally(() => waiting.abort());
  const timeUp = sleep(options.voteTimeoutMs ?? VOTE_TIMEOUT_MS, undefined, { signal: waiting.signal });
  await Promise.race([voting, timeUp.catch(() => voting)]);
  return { votes: new Map(votes), bugs: [...bugs] };
}

/** The row that stands, or undefined when the log did not answer: then nobody knows, and nothing may be finished. */
async function decide<Work, Refusal>(
  { decisions, logger }: CoordinatorOptions<Work, Refusal>,
  proposal: Pick<Decision, 'gid' | 'outcome' | 'branches'>,
): Promise<Decision | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await decisions.decide(proposal);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      logger.warn({ err: error, gid: proposal.gid, attempt }, 'a two-phase decision could not be written');
    }
    if (attempt === DECIDE_ATTEMPTS) return undefined;
    await sleep(DECIDE_PAUSE_FIRST_MS * 2 ** (attempt - 1));
  }
}
