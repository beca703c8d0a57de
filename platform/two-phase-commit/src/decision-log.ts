import { type Database, type Executor, sql } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import type { Outcome } from './protocol.ts';

/** A row of the log. */
export interface Decision {
  readonly gid: string;
  readonly outcome: Outcome;
  /** The participants that have to hear of it. */
  readonly branches: readonly string[];
  readonly decidedAt: Date;
  /** When all of them had acknowledged. */
  readonly endedAt: Date | null;
  /** Why a person has to look at it. */
  readonly attention: string | null;
}

/** Where the outcomes of the transactions of one coordinator are written, in that coordinator's database. */
export interface DecisionLog {
  /**
   * Proposes an outcome and answers the row that stands: ours, or the one that was there first. Lost during the call
   * (`database-unavailable`) it may have been written; proposing again is safe and tells.
   */
  decide(proposal: Pick<Decision, 'gid' | 'outcome' | 'branches'>): Promise<Decision>;
  find(gid: string): Promise<Decision | undefined>;
  /** Takes decisions that nobody has worked on for a while and that are not ended; those left alone longest first. */
  claimOpen(idleMs: number, limit: number): Promise<Decision[]>;
  /** All have acknowledged. */
  end(gid: string): Promise<void>;
  requireAttention(gid: string, reason: string): Promise<void>;
  /** What waits for a person, the oldest first. */
  listAttention(limit: number): Promise<Decision[]>;
}

const COLUMNS = sql`gid, outcome, branches, decided_at as "decidedAt", ended_at as "endedAt", attention`;

/** The log in a database that has this package's tables. */
export function decisionLog(db: Database): DecisionLog {
  const find = async (gid: string): Promise<Decision | undefined> => {
    const [row] = await db.query<Decision>(sql`select ${COLUMNS} from two_phase_decision where gid = ${gid}`);
    return row;
  };

  return {
    find,
    async decide({ gid, outcome, branches }) {
      const [own] = await db.query<Decision>(sql`
        insert into two_phase_decision (gid, outcome, branches) values (${gid}, ${outcome}, ${[...branches]}::text[])
        on conflict (gid) do nothing returning ${COLUMNS}`);
      // A statement of its own: the one above does not see a row that was committed after it began.
      const decision = own ?? (await find(gid));
      if (decision !== undefined) return decision;
      throw new Fault('decision-purged', `the decision on ${gid} was purged a moment ago`, { retryable: true });
    },
    claimOpen: (idleMs, limit) =>
      db.query<Decision>(sql`
        update two_phase_decision set tried_at = clock_timestamp()
        where gid = any(array(
          select gid from two_phase_decision
          where ended_at is null and tried_at < clock_timestamp() - ${idleMs}::bigint * interval '1 millisecond'
          order by tried_at limit ${limit} for update skip locked))
        returning ${COLUMNS}`),
    end: (gid) =>
      db.transaction(async (tx) => {
        // Lost in a crash, it is found out again by asking everybody once more.
        void tx.execute(sql`set local synchronous_commit = off`);
        await tx.execute(sql`
          update two_phase_decision set ended_at = clock_timestamp() where gid = ${gid} and ended_at is null`);
      }),
    async requireAttention(gid, reason) {
      await db.execute(sql`
        update two_phase_decision set attention = ${reason} where gid = ${gid} and attention is distinct from ${reason}`);
    },
    listAttention: (limit) =>
      db.query<Decision>(sql`
        select ${COLUMNS} from two_phase_decision where ended_at is null and attention is not null
        order by decided_at, gid limit ${limit}`),
  };
}

/** Deletes decisions that ended longer ago than an age, at most `limit`; answers how many. */
export function purgeDecisions(db: Executor, olderThanMs: number, limit: number): Promise<number> {
  return db.execute(sql`
    delete from two_phase_decision where gid = any(array(
      select gid from two_phase_decision
      where ended_at < clock_timestamp() - ${olderThanMs}::bigint * interval '1 millisecond'
      order by ended_at limit ${limit} for update skip locked))`);
}
