import type { LogAnswer, Outcome } from '@florin/two-phase-commit';
import { must } from '../kernel/violation.ts';
import type { Surroundings } from './surroundings.ts';

export interface DecisionRow {
  readonly gid: string;
  readonly outcome: Outcome;
  readonly branches: readonly string[];
  readonly isEnded: boolean;
  readonly needsAttention: boolean;
  readonly triedAtMs: number;
}

/** The log of decisions: one row a transaction, written by insert on conflict do nothing. */
export class DecisionTable {
  readonly #world: Surroundings;
  readonly #rows = new Map<string, DecisionRow>();
  /** What somebody was told that the row says. */
  readonly #told = new Map<string, Outcome>();
  #awayUntilMs = 0;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  isAwayFor(ms: number): void {
    this.#awayUntilMs = this.#world.timeline.nowMs + ms;
  }

  comesBack(): void {
    this.#awayUntilMs = 0;
  }

  get isAway(): boolean {
    return this.#world.timeline.nowMs < this.#awayUntilMs;
  }

  all(): readonly DecisionRow[] {
    return [...this.#rows.values()];
  }

  find(gid: string): DecisionRow | undefined {
    return this.#rows.get(gid);
  }

  /** What a branch is told; a commit speaks for the branches that it names. */
  answer(gid: string, branch: string): LogAnswer {
    const row = this.#rows.get(gid);
    if (row === undefined) return 'undecided';
    this.told(row);
    return row.outcome === 'commit' && !row.branches.includes(branch) ? 'no-coordinator' : row.outcome;
  }

  decide(gid: string, outcome: Outcome, branches: readonly string[]): DecisionRow {
    const found = this.#rows.get(gid);
    const standing = this.#world.core.standing(found?.outcome, outcome);
    const triedAtMs = this.#world.timeline.nowMs;
    const row =
      found?.outcome === standing
        ? found
        : { gid, outcome: standing, branches, isEnded: false, needsAttention: false, triedAtMs };
    this.#rows.set(gid, row);
    const told = this.#told.get(gid);
    must(
      told === undefined || told === standing,
      'AC2',
      gid,
      () => `${told} was acknowledged, and now it says ${standing}`,
    );
    const isJustified = standing === 'abort' || found !== undefined || this.#world.wasPreparedByAll(gid);
    must(isJustified, 'AC3', gid, () => 'it is committed although not all have prepared');
    this.#world.trace(gid, () => `the log is asked to ${outcome} and says ${standing}`);
    return row;
  }

  /** Somebody has heard what the row says, so it stays. */
  told({ gid, outcome }: DecisionRow): void {
    this.#told.set(gid, outcome);
  }

  claimOpen(idleMs: number): DecisionRow[] {
    const { nowMs } = this.#world.timeline;
    const open = this.all().filter((row) => !row.isEnded && row.triedAtMs < nowMs - idleMs);
    for (const row of open) this.#change(row.gid, { triedAtMs: nowMs });
    return open;
  }

  end(gid: string): void {
    this.#change(gid, { isEnded: true });
  }

  requireAttention(gid: string): void {
    this.#change(gid, { needsAttention: true });
  }

  #change(gid: string, change: Partial<DecisionRow>): void {
    const row = this.#rows.get(gid);
    if (row !== undefined) this.#rows.set(gid, { ...row, ...change });
  }
}
