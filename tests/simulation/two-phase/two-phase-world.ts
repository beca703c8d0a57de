import type { Outcome } from '@florin/two-phase-commit';
import type { Trace } from '../kernel/kind.ts';
import { Network } from '../kernel/network.ts';
import { Random } from '../kernel/random.ts';
import { Tally } from '../kernel/tally.ts';
import { Timeline } from '../kernel/timeline.ts';
import { must } from '../kernel/violation.ts';
import { BranchDatabase } from './branch-database.ts';
import type { Core } from './core.ts';
import { DecisionTable } from './decision-table.ts';
import { drawFaults, type Faults, HEALED, type Surroundings } from './surroundings.ts';
import { type Order, TransactionProcess } from './transaction-process.ts';

const DATABASES = ['left', 'middle', 'right'] as const;
export const ACCOUNTS_PER_DATABASE = 3;

/** Three databases, two processes that coordinate and resolve, one log, and a network between them. */
export class TwoPhaseWorld implements Surroundings {
  readonly core: Core;
  readonly random: Random;
  readonly timeline = new Timeline(0);
  readonly tally = new Tally();
  readonly network: Network;
  readonly log: DecisionTable;
  readonly databases: ReadonlyMap<string, BranchDatabase>;
  readonly processes: readonly TransactionProcess[];
  readonly orders = new Map<string, Order>();
  /** Prepared by nobody who is known. */
  readonly orphans = new Map<string, BranchDatabase>();
  /** Somebody interfered by hand. */
  readonly byHand = new Set<string>();
  faults: Faults;
  readonly #listener: Trace | undefined;
  readonly #marks = new Set<string>();
  readonly #prepared = new Map<string, Set<string>>();
  readonly #ends = new Map<string, Map<string, Outcome>>();
  readonly #answers = new Map<string, Outcome>();

  constructor(seed: number, core: Core, listener: Trace | undefined) {
    this.core = core;
    this.random = new Random(seed);
    this.#listener = listener;
    this.faults = drawFaults(this.random);
    this.network = new Network(this.timeline, this.random, this.faults, (gid) =>
      this.mark(gid, 'a message is lost or late'),
    );
    this.log = new DecisionTable(this);
    this.databases = new Map(DATABASES.map((name) => [name, new BranchDatabase(this, name, this.#drawBalances(name))]));
    this.processes = ['one', 'two'].map(
      (name) =>
        new TransactionProcess(this, {
          name,
          log: this.log,
          databases: this.databases,
          isKnown: (gid) => this.orders.has(gid),
          onAnswer: (gid, outcome) => this.#answered(gid, outcome),
        }),
    );
  }

  trace(subject: string, text: () => string): void {
    this.#listener?.(subject, () => `${String(this.timeline.nowMs).padStart(7)} ${text()}`);
  }

  mark(gid: string, why: string): void {
    this.trace(gid, () => why);
    this.#marks.add(gid);
  }

  hasMark(gid: string): boolean {
    return this.#marks.has(gid) || this.#marks.has('world');
  }

  prepared(gid: string, branch: string): void {
    const branches = this.#prepared.get(gid);
    if (branches === undefined) this.#prepared.set(gid, new Set([branch]));
    else branches.add(branch);
  }

  wasPreparedByAll(gid: string): boolean {
    const work = this.orders.get(gid)?.work;
    return work !== undefined && this.#prepared.get(gid)?.size === work.size;
  }

  ended(gid: string, branch: string, outcome: Outcome): void {
    must(!this.orphans.has(gid), 'X10', gid, () => `${branch} was finished, and nobody answers for it`);
    if (this.byHand.has(gid)) return;
    const ends = this.#ends.get(gid) ?? new Map<string, Outcome>();
    this.#ends.set(gid, ends.set(branch, outcome));
    must(new Set(ends.values()).size === 1, 'AC1', gid, () => `its branches ended ${[...ends].join('; ')}`);
  }

  heal(): void {
    this.faults = HEALED;
    this.network.faults = HEALED;
    this.log.comesBack();
    for (const database of this.databases.values()) database.comesBack();
    for (const process of this.processes) process.comesBack();
  }

  /** What the client was told. */
  answerOf(gid: string): Outcome | undefined {
    return this.#answers.get(gid);
  }

  #answered(gid: string, outcome: Outcome): void {
    const before = this.#answers.get(gid);
    must(
      before === undefined || before === outcome,
      'AC2',
      gid,
      () => `the client was told ${before}, then ${outcome}`,
    );
    this.#answers.set(gid, outcome);
    this.tally.add(`told: ${outcome}`);
  }

  #drawBalances(name: string): Map<string, bigint> {
    const accounts = Array.from({ length: ACCOUNTS_PER_DATABASE }, (_, at) => `${name}-${at}`);
    return new Map(accounts.map((account) => [account, BigInt(this.random.between(0, 100))]));
  }
}
