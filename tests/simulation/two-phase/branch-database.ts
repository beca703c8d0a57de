import type { Acknowledgement, Marker, Outcome, Vote } from '@florin/two-phase-commit';
import { must } from '../kernel/violation.ts';
import type { Surroundings } from './surroundings.ts';

/** What one branch does: an account's balance changes. */
export interface BranchWork {
  readonly account: string;
  readonly amount: bigint;
}

export type VoteAnswer = (vote: Vote<'insufficient-funds'>) => void;

interface Prepared extends BranchWork {
  readonly sinceMs: number;
}

/** How long a statement waits for a lock. */
const LOCK_TIMEOUT_MS = 500;
const WORK_MS_MAX = 300;
const PREPARE_AGE_MAX_MS = 24 * 3_600_000;

/**
 * A database that takes part: what is prepared survives its crashes and keeps its locks, what is merely open does not.
 * Decisions are the protocol's; this only does them.
 */
export class BranchDatabase {
  readonly name: string;
  readonly balances: Map<string, bigint>;
  readonly #world: Surroundings;
  readonly #open = new Map<string, BranchWork>();
  readonly #prepared = new Map<string, Prepared>();
  readonly #markers = new Map<string, Marker>();
  readonly #locks = new Set<string>();
  readonly #effects = new Set<string>();
  readonly #abortsAcknowledged = new Set<string>();
  #life = 0;
  #downUntilMs = 0;

  constructor(world: Surroundings, name: string, balances: Map<string, bigint>) {
    this.#world = world;
    this.name = name;
    this.balances = balances;
  }

  get isDown(): boolean {
    return this.#world.timeline.nowMs < this.#downUntilMs;
  }

  /** It dies, and comes back after a while. */
  crash(forMs: number): void {
    this.#life += 1;
    this.#downUntilMs = this.#world.timeline.nowMs + forMs;
    for (const work of this.#open.values()) this.#locks.delete(work.account);
    this.#open.clear();
  }

  comesBack(): void {
    this.#downUntilMs = 0;
  }

  /** What is prepared for at least so long. */
  listPrepared(graceMs: number): string[] {
    const beforeMs = this.#world.timeline.nowMs - graceMs;
    return [...this.#prepared].flatMap(([gid, { sinceMs }]) => (sinceMs <= beforeMs ? [gid] : []));
  }

  hasEffect(gid: string): boolean {
    return this.#effects.has(gid);
  }

  prepare(gid: string, begunAtMs: number, work: BranchWork, answer: VoteAnswer): void {
    const { core, timeline, random, faults } = this.#world;
    const isOld = core.refusesOld && timeline.nowMs - begunAtMs >= PREPARE_AGE_MAX_MS;
    const isTaken = this.#open.has(gid) || this.#prepared.has(gid);
    if (isOld || !core.mayPrepare(this.#markers.get(gid) ?? 'absent')) answer({ vote: 'no', code: 'too-late' });
    else if (isTaken || this.#locks.has(work.account)) {
      timeline.after(LOCK_TIMEOUT_MS, () => answer({ vote: 'no', code: 'busy' }));
    } else if ((this.balances.get(work.account) ?? 0n) + work.amount < 0n) {
      answer({ vote: 'no', code: 'refused', refusal: 'insufficient-funds' });
    } else if (random.chance(faults.noSlot)) answer({ vote: 'no', code: 'no-slot' });
    else this.#work(gid, work, answer);
  }

  #work(gid: string, work: BranchWork, answer: VoteAnswer): void {
    const { timeline, random, faults } = this.#world;
    const life = this.#life;
    this.#open.set(gid, work);
    this.#locks.add(work.account);
    timeline.after(random.between(5, WORK_MS_MAX), () => {
      if (life !== this.#life) return;
      this.#open.delete(gid);
      this.hold(gid, work);
      const isLost = random.chance(faults.prepareLost);
      if (isLost) this.#world.mark(gid, `${this.name} loses the connection at PREPARE`);
      answer(isLost ? { vote: 'unknown' } : { vote: 'yes' });
    });
  }

  /** It is prepared: it keeps its lock until it is told how it ends. */
  hold(gid: string, work: BranchWork): void {
    must(!this.#abortsAcknowledged.has(gid), 'X6', gid, () => `${this.name} prepares what it has said to be aborted`);
    this.#locks.add(work.account);
    this.#prepared.set(gid, { ...work, sinceMs: this.#world.timeline.nowMs });
    this.#world.trace(gid, () => `${this.name} is prepared`);
    this.#world.tally.add('prepared');
    this.#world.prepared(gid, this.name);
  }

  /** COMMIT PREPARED or ROLLBACK PREPARED; undefined when the connection is lost on the way. */
  finish(gid: string, outcome: Outcome): Acknowledgement | undefined {
    const acknowledgement = outcome === 'commit' ? this.#commit(gid) : this.#rollBack(gid);
    this.#world.trace(gid, () => `${this.name} is told to ${outcome}: ${acknowledgement ?? 'no answer'}`);
    this.#world.tally.add(`${outcome}: ${acknowledgement ?? 'no answer'}`);
    return acknowledgement;
  }

  #commit(gid: string): Acknowledgement {
    const { core } = this.#world;
    const work = this.#release(gid);
    if (work === undefined) {
      const verdict = core.judgeMissing('commit', this.#markers.get(gid) ?? 'absent');
      return verdict === 'write-tombstone' ? 'damaged' : verdict;
    }
    must(!this.#effects.has(gid), 'I3', gid, () => `${this.name} commits it a second time`);
    this.#effects.add(gid);
    const balance = (this.balances.get(work.account) ?? 0n) + work.amount;
    this.balances.set(work.account, balance);
    must(balance >= 0n, 'I2', gid, () => `${work.account} has ${balance}`);
    if (core.writesMarkers) this.#markers.set(gid, 'prepared');
    this.#world.ended(gid, this.name, 'commit');
    return 'acknowledged';
  }

  #rollBack(gid: string): Acknowledgement | undefined {
    const { core, random, faults } = this.#world;
    if (this.#open.has(gid)) return 'busy';
    this.#release(gid);
    if (random.chance(faults.tombstoneLost)) {
      this.#world.mark(gid, `${this.name} stops between the rollback and the tombstone`);
      return undefined;
    }
    const verdict = core.judgeMissing('abort', this.#markers.get(gid) ?? 'absent');
    if (verdict === 'damaged') return verdict;
    if (verdict === 'write-tombstone' && core.writesTombstones) this.#markers.set(gid, 'aborted');
    this.#abortsAcknowledged.add(gid);
    this.#world.ended(gid, this.name, 'abort');
    return 'acknowledged';
  }

  /** Somebody rolls back by hand what is prepared. True when there was something. */
  rollBackByHand(gid: string): boolean {
    return this.#release(gid) !== undefined;
  }

  forgetMarkers(): void {
    this.#markers.clear();
  }

  #release(gid: string): BranchWork | undefined {
    const work = this.#prepared.get(gid);
    if (work === undefined) return undefined;
    this.#prepared.delete(gid);
    this.#locks.delete(work.account);
    return work;
  }
}
