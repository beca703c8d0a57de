import type { Acknowledgement, LogAnswer, Outcome, Proposal, Vote } from '@florin/two-phase-commit';
import { must } from '../kernel/violation.ts';
import type { BranchDatabase, BranchWork } from './branch-database.ts';
import type { DecisionRow, DecisionTable } from './decision-table.ts';
import type { Surroundings } from './surroundings.ts';

/** A move of money between databases: an amount for each, and together nothing. */
export interface Order {
  readonly gid: string;
  readonly begunAtMs: number;
  readonly work: ReadonlyMap<string, BranchWork>;
}

export interface ProcessSetting {
  readonly name: string;
  readonly log: DecisionTable;
  readonly databases: ReadonlyMap<string, BranchDatabase>;
  /** Whether a coordinator is known that answers for a transaction. */
  readonly isKnown: (gid: string) => boolean;
  readonly onAnswer: (gid: string, outcome: Outcome) => void;
}

interface Run {
  readonly order: Order;
  readonly votes: Map<string, Vote<'insufficient-funds'>>;
  proposal: Proposal<'insufficient-funds'> | undefined;
  isDecided: boolean;
}

export const VOTE_TIMEOUT_MS = 3_000;
export const CALL_TIMEOUT_MS = 400;
/** Whose history a question is part of that is about no transaction in particular. */
const EVERYTHING = 'world';
const DECIDE_ATTEMPTS = 4;
const TELL_ATTEMPTS = 2;
export const GRACE_MS = 5_000;

/** A process of the bank that coordinates transactions, and resolves what is left of those of dead coordinators. */
export class TransactionProcess {
  readonly #world: Surroundings;
  readonly #setting: ProcessSetting;
  #life = 0;
  #isUp = true;

  constructor(world: Surroundings, setting: ProcessSetting) {
    this.#world = world;
    this.#setting = setting;
  }

  crash(forMs: number): void {
    this.#life += 1;
    this.#isUp = false;
    this.#world.timeline.after(forMs, () => this.comesBack());
  }

  comesBack(): void {
    this.#isUp = true;
  }

  /** First phase: everybody is asked to prepare, and has some time to say yes. */
  begin(order: Order): void {
    if (!this.#isUp) return;
    const run: Run = { order, votes: new Map(), proposal: undefined, isDecided: false };
    this.#world.trace(order.gid, () => `${this.#setting.name} coordinates it`);
    for (const [branch, work] of order.work) {
      const prepare = (database: BranchDatabase, answer: (vote: Vote<'insufficient-funds'>) => void) =>
        database.prepare(order.gid, order.begunAtMs, work, answer);
      this.#call(order.gid, branch, prepare, (vote) => this.#voted(run, branch, vote));
    }
    this.#later(VOTE_TIMEOUT_MS, () => this.#close(run));
  }

  #voted(run: Run, branch: string, vote: Vote<'insufficient-funds'>): void {
    if (run.votes.has(branch)) return;
    this.#world.trace(run.order.gid, () => `${branch} votes ${vote.vote}${vote.vote === 'no' ? `: ${vote.code}` : ''}`);
    run.votes.set(branch, vote);
    if (run.votes.size === run.order.work.size) this.#close(run);
  }

  #close(run: Run): void {
    if (run.proposal !== undefined) return;
    const { work } = run.order;
    run.proposal = this.#world.core.propose([...work.keys()].sort(), run.votes);
    const why = run.proposal.outcome === 'abort' ? run.proposal.reason.code : 'all said yes';
    this.#world.tally.add(`proposed: ${why}`);
    this.#decide(run, run.proposal, 1);
  }

  #decide(run: Run, proposal: Proposal<'insufficient-funds'>, attempt: number): void {
    const { gid, work } = run.order;
    this.#propose(gid, proposal.outcome, [...work.keys()], (row) => {
      if (!run.isDecided) this.#decided(run, proposal, row);
    });
    this.#later(CALL_TIMEOUT_MS, () => {
      if (run.isDecided) return;
      if (attempt < DECIDE_ATTEMPTS) this.#decide(run, proposal, attempt + 1);
      else {
        run.isDecided = true;
        this.#world.tally.add('in doubt');
        this.#world.trace(gid, () => 'the log does not answer: nobody knows');
      }
    });
  }

  #decided(run: Run, proposal: Proposal<'insufficient-funds'>, row: DecisionRow): void {
    const { gid, work } = run.order;
    run.isDecided = true;
    const isForced = proposal.outcome === 'commit' && row.outcome === 'abort';
    must(
      !isForced || this.#world.hasMark(gid),
      'AC4',
      gid,
      () => 'all said yes, nothing went wrong, and it is aborted',
    );
    const outcome = this.#world.core.obeysRow ? row.outcome : proposal.outcome;
    this.#setting.onAnswer(gid, outcome);
    // The row of a resolver names only the branch it had found; a commit names all that voted, and nobody else commits.
    const branches = row.outcome === 'commit' ? row.branches : [...new Set([...row.branches, ...work.keys()])];
    this.#tellAll({ gid, outcome, branches });
  }

  /** Second phase: everybody is told, and the row has ended when all have acknowledged. */
  #tellAll(decision: Pick<DecisionRow, 'gid' | 'outcome' | 'branches'>): void {
    const { gid, outcome, branches } = decision;
    const answers = new Map<string, Acknowledgement>();
    const tell = (branch: string, attempt: number): void => {
      this.#finish(gid, branch, outcome, (answer) => {
        if (answers.get(branch) === 'acknowledged') return;
        answers.set(branch, answer);
        this.#note(gid, this.#world.core.progress(branches.map((name) => answers.get(name))));
      });
      this.#later(CALL_TIMEOUT_MS, () => {
        const answer = answers.get(branch);
        if (attempt < TELL_ATTEMPTS && (answer === undefined || answer === 'busy')) tell(branch, attempt + 1);
      });
    };
    for (const branch of branches) tell(branch, 1);
  }

  #note(gid: string, reached: 'ended' | 'open' | 'attention'): void {
    if (reached === 'open') return;
    const { log } = this.#setting;
    this.#callLog(gid, () => (reached === 'ended' ? log.end(gid) : log.requireAttention(gid)));
  }

  /** Looks for branches that are in doubt, and for decisions that not everybody has heard of. */
  resolve(): void {
    if (!this.#isUp) return;
    const { log, databases } = this.#setting;
    for (const branch of databases.keys()) {
      const list = (database: BranchDatabase, answer: (gids: string[]) => void) =>
        answer(database.listPrepared(GRACE_MS));
      this.#call(EVERYTHING, branch, list, (gids) => {
        for (const gid of gids) this.#resolveOne(gid, branch);
      });
    }
    this.#callLog(
      EVERYTHING,
      () => log.claimOpen(GRACE_MS),
      (open) => {
        for (const row of open) this.#tellAll(row);
      },
    );
  }

  #resolveOne(gid: string, branch: string): void {
    if (!this.#setting.isKnown(gid)) {
      this.#act(gid, branch, 'no-coordinator');
      return;
    }
    let isAnswered = false;
    this.#callLog(
      gid,
      () => this.#setting.log.answer(gid, branch),
      (answer) => {
        if (isAnswered) return;
        isAnswered = true;
        this.#act(gid, branch, answer);
      },
    );
    this.#later(CALL_TIMEOUT_MS, () => {
      if (isAnswered) return;
      isAnswered = true;
      this.#act(gid, branch, 'unreachable');
    });
  }

  #act(gid: string, branch: string, answer: LogAnswer): void {
    const action = this.#world.core.actionOnPrepared(answer);
    this.#world.tally.add(`in doubt: ${action}`);
    this.#world.trace(gid, () => `${this.#setting.name} resolves ${branch}: ${answer}, so ${action}`);
    if (action === 'commit') this.#finish(gid, branch, 'commit', () => undefined);
    if (action === 'roll-back') this.#finish(gid, branch, 'abort', () => undefined);
    if (action !== 'propose-abort') return;
    this.#propose(gid, 'abort', [branch], (row) => {
      if (row.outcome === 'abort' || row.branches.includes(branch))
        this.#finish(gid, branch, row.outcome, () => undefined);
    });
  }

  #propose(gid: string, outcome: Outcome, branches: readonly string[], answer: (row: DecisionRow) => void): void {
    const { log } = this.#setting;
    this.#callLog(
      gid,
      () => log.decide(gid, outcome, branches),
      (row) => {
        log.told(row);
        answer(row);
      },
    );
  }

  #finish(gid: string, branch: string, outcome: Outcome, answer: (acknowledgement: Acknowledgement) => void): void {
    const finish = (database: BranchDatabase, done: (acknowledgement: Acknowledgement) => void) => {
      const acknowledgement = database.finish(gid, outcome);
      if (acknowledgement !== undefined) done(acknowledgement);
    };
    this.#call(gid, branch, finish, answer);
  }

  /** A request to a database and its answer, either of which the network may lose. */
  #call<Answer>(
    gid: string,
    branch: string,
    ask: (database: BranchDatabase, answer: (answer: Answer) => void) => void,
    take: (answer: Answer) => void,
  ): void {
    const { network } = this.#world;
    const database = this.#setting.databases.get(branch);
    const hear = this.#inThisLife(take);
    const deliver = () => {
      if (database === undefined) return;
      if (database.isDown) this.#world.mark(gid, `${branch} is down`);
      else ask(database, (answer) => network.send(gid, () => hear(answer), gid !== EVERYTHING));
    };
    network.send(gid, deliver, gid !== EVERYTHING);
  }

  #callLog<Answer>(gid: string, ask: () => Answer, take: (answer: Answer) => void = () => undefined): void {
    const { network } = this.#world;
    const { log } = this.#setting;
    const hear = this.#inThisLife(take);
    const deliver = () => {
      if (log.isAway) {
        this.#world.mark(gid, 'the log is away');
        return;
      }
      const answer = ask();
      network.send(gid, () => hear(answer), gid !== EVERYTHING);
    };
    network.send(gid, deliver, gid !== EVERYTHING);
  }

  #later(ms: number, run: () => void): void {
    this.#world.timeline.after(ms, this.#inThisLife(run));
  }

  /** What a process has in memory is gone when it dies. */
  #inThisLife<Args extends readonly unknown[]>(run: (...args: Args) => void): (...args: Args) => void {
    const life = this.#life;
    return (...args) => {
      if (life === this.#life && this.#isUp) run(...args);
    };
  }
}
