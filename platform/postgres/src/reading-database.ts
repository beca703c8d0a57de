import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, invariant } from '@florin/primitives';
import { type Database, type DatabaseOptions, openDatabase } from './database.ts';
import { isTransactionConflict } from './database-error.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { sql } from './sql.ts';

export interface ReadingOptions {
  /** Where everything is written; asked when the standby can not answer. Closing the reader leaves it open. */
  readonly primary: Database;
  /** The standby, as the same role. */
  readonly standby: DatabaseOptions;
  /** Told where each statement or transaction was answered, for a counter. */
  noted(from: ReadFrom): void;
}

export type ReadFrom = 'standby' | 'primary';

interface Counters {
  counter(name: string, help: string, labels: 'from'[]): { inc(labels: { from: ReadFrom }): void };
}

/** Counts where reads were answered. */
export function countReads(metrics: Counters): ReadingOptions['noted'] {
  const reads = metrics.counter('florin_reads_total', 'Reads that a standby may answer, by where they were', ['from']);
  return (from) => reads.inc({ from });
}

/** A standby that streams is some milliseconds behind; waiting longer costs more than reading the primary. */
const CATCH_UP_MS_MAX = 50;
const FIRST_PAUSE_MS = 1;
/** One that was behind or away is not asked again for so long, lest every reader waits for it. */
const LEFT_ALONE_MS = 1_000;
/** Shorter than on the primary: what takes longer there is asked again here, and somebody waits for both. */
const STATEMENT_TIMEOUT_MS = 2_000;

/**
 * A database that is only read: from a standby when it has everything that was committed on the primary before the read
 * began, else from the primary. So nobody reads less than they were told is done, whoever told them and whichever process
 * they ask: the position in the log is asked anew for each read, which is a question of microseconds beside a search.
 * A standby that is away, behind, in conflict with its replay, or that leads by now, costs the reader a short wait at most.
 */
export function openReadingDatabase({ primary, standby: options, noted }: ReadingOptions): Database {
  const open = () => openDatabase({ statementTimeoutMs: STATEMENT_TIMEOUT_MS, ...options });
  let standby = open();
  let leftAloneUntilMs = 0;
  const position = oneAtATime(() => flushedPosition(primary));

  const leaveAlone = (): void => {
    leftAloneUntilMs = performance.now() + LEFT_ALONE_MS;
  };

  const caughtUp = async (): Promise<boolean> => {
    if (performance.now() < leftAloneUntilMs) return false;
    const wanted = await position();
    const state = await within(CATCH_UP_MS_MAX, replays(standby, wanted));
    if (state === 'there') return true;
    leaveAlone();
    if (state === 'leads') {
      // Its connections would last as long as it is asked, and the address may lead to another server by now.
      const old = standby;
      standby = open();
      void old.close();
    }
    return false;
  };

  const read = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    if (await caughtUp()) {
      try {
        const answer = await work(standby);
        noted('standby');
        return answer;
      } catch (error) {
        if (!isOfTheStandby(error)) throw error;
        leaveAlone();
      }
    }
    noted('primary');
    return work(primary);
  };

  return {
    query: (statement) => read((database) => database.query(statement)),
    transaction: (work, transactionOptions) => read((database) => database.transaction(work, transactionOptions)),
    execute: () => {
      invariant(false, 'a reader writes nothing');
    },
    usage: () => standby.usage(),
    close: () => standby.close(),
  };
}

/** What is on disk, and with it everything that anybody was told is committed. */
async function flushedPosition(primary: Database): Promise<string> {
  const [row] = await primary.query<{ position: string }>(sql`SELECT pg_current_wal_flush_lsn()::text AS position`);
  invariant(row, 'a primary has a position');
  return row.position;
}

type Replay = 'there' | 'behind' | 'leads';

/** Asks until the standby has replayed a position, in growing pauses. Whoever calls stops waiting by themselves. */
async function replays(standby: Database, position: string): Promise<Replay> {
  for (let pauseMs = FIRST_PAUSE_MS; pauseMs < CATCH_UP_MS_MAX; pauseMs *= 2) {
    const [row] = await standby.query<{ isStandby: boolean; isThere: boolean | null }>(sql`
      SELECT pg_is_in_recovery() AS "isStandby", pg_last_wal_replay_lsn() >= ${position}::pg_lsn AS "isThere"`);
    if (row?.isStandby !== true) return 'leads';
    if (row.isThere === true) return 'there';
    await sleep(pauseMs);
  }
  return 'behind';
}

/** What a standby answers in time; whatever goes wrong with it is nobody's failure. */
async function within(timeoutMs: number, answer: Promise<Replay>): Promise<Replay | 'away'> {
  const stop = new AbortController();
  const late = sleep(timeoutMs, 'behind' as const, { signal: stop.signal }).catch(() => 'behind' as const);
  try {
    return await Promise.race([answer.catch(() => 'away' as const), late]);
  } finally {
    stop.abort();
  }
}

/** Away, too slow, or its replay was in the way of the read (40001): the primary can still answer. */
function isOfTheStandby(error: unknown): boolean {
  return (error instanceof Fault && error.retryable) || isTransactionConflict(error);
}
