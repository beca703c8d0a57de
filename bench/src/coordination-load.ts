import { setTimeout as sleep } from 'node:timers/promises';
import { type Executor, openDatabase, sql } from '@florin/postgres';
import { type AnswerSink, runConnection } from './connection.ts';
import { FinalWatch, type SagaEnd } from './final-watch.ts';
import { LockTally, lockedMsOf, readLockedAccounts } from './locked-rows.ts';
import { percentile } from './sample.ts';
import { type Caller, endsLater, type RequestSource, requestsOf, shardOf, type Way } from './traffic.ts';

/** What the parent sends over the channel between the processes; the answer is a `WaySample`. */
export interface CoordinationJob {
  readonly port: number;
  readonly way: Way;
  readonly callers: readonly Caller[];
  readonly connections: number;
  /** What becomes final in this time is no part of rate and latencies. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly seed: number;
  /** The databases of the ledger's shards, in their order. */
  readonly shardUrls: readonly string[];
}

/** One way, measured once. */
export interface WaySample {
  /** Transfers that became final in the time measured, per second. */
  readonly rate: number;
  /** From the request to the end of the transfer, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** All transfers that were completed, with those of the warm-up and after the end. */
  readonly completed: number;
  /** How long a transfer has the row of its payer locked, in milliseconds, on average. */
  readonly lockedMs: number;
  /** Queries of our own: commits of the shards' databases that are not the ledger's. */
  readonly looks: number;
  /** What did not end well, by status code or by how the transfer ended; empty when all is well. */
  readonly failures: Readonly<Record<string, number>>;
}

const LOOK_EVERY_MS = 5;
/** Rarer, because it reads every account. */
const LOOK_FOR_LOCKS_EVERY_MS = 20;
const ID = /"id":"([0-9a-f-]{36})"/;
const PAYER = /"fromAccountId":"([0-9a-f-]{36})"/;

/** The time that is measured, and the payers of what is under way, by client. */
export interface Course {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly payers: Map<number, string>;
}

function startCourse({ warmUpMs, durationMs }: CoordinationJob): Course {
  const fromMs = performance.now() + warmUpMs;
  return { fromMs, untilMs: fromMs + durationMs, payers: new Map() };
}

/** A closed loop in which a client's next transfer leaves when the last is final, so that every way has as many under way. */
export async function runCoordination(
  job: CoordinationJob,
  watch: FinalWatch,
  course = startCourse(job),
): Promise<Omit<WaySample, 'lockedMs'>> {
  const timesMs: number[] = [];
  const failures: Record<string, number> = {};
  let completed = 0;
  const { fromMs, untilMs, payers } = course;
  const requests = requestsOf({ kind: 'coordinated', way: job.way, callers: job.callers }, job.seed);
  const failed = (what: string) => {
    failures[what] = (failures[what] ?? 0) + 1;
  };
  const ended = (end: SagaEnd, sentAtMs: number) => {
    if (end !== 'completed') return failed(end);
    completed += 1;
    const now = performance.now();
    if (now >= fromMs && now <= untilMs) timesMs.push(now - sentAtMs);
  };

  const runClient = (client: number) => {
    let id = '';
    let end: Promise<void> = Promise.resolve();
    const source: RequestSource = {
      next() {
        const request = requests.next();
        payers.set(client, PAYER.exec(request)?.[1] ?? '');
        return request;
      },
      worth(status, body) {
        id = ID.exec(body.toString('latin1'))?.[1] ?? '';
        return requests.worth(status, body);
      },
    };
    const sink: AnswerSink = {
      answered(status, worth, sentAtMs) {
        if (worth === 0) failed(String(status));
        else if (endsLater(job.way)) end = watch.endOf(id).then((how) => ended(how, sentAtMs));
        else ended('completed', sentAtMs);
      },
      settled: () => end,
      lost: () => failed('lost'),
      goesOn: () => performance.now() < untilMs,
    };
    return runConnection({ port: job.port }, source, sink);
  };
  await Promise.all(Array.from({ length: job.connections }, (_, client) => runClient(client)));

  const sorted = timesMs.sort((a, b) => a - b);
  return {
    rate: sorted.length / (job.durationMs / 1000),
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    completed,
    looks: watch.looks,
    failures,
  };
}

/** Runs the job while it looks into the databases for transfers that ended, and for rows that are locked. */
async function runJob(job: CoordinationJob): Promise<WaySample> {
  const watch = new FinalWatch(() => performance.now());
  const course = startCourse(job);
  const over = new AbortController();
  const every = async (ms: number, look: () => Promise<void>) => {
    for (; !over.signal.aborted; await sleep(ms)) await look();
  };
  let lookedForLocks = 0;
  const shards = job.shardUrls.map((url) => ({
    db: openDatabase({ url, applicationName: 'bench-looks', poolSize: 2 }),
    tally: new LockTally(),
  }));
  const looking = shards.flatMap(({ db, tally }, shard) => [
    every(LOOK_EVERY_MS, () =>
      watch.look(
        (id) => shardOf(id) === shard,
        (ids) => (job.way === 'saga' ? findEndedSagas(db, ids) : findEndedChoreographies(db, ids)),
      ),
    ),
    every(LOOK_FOR_LOCKS_EVERY_MS, async () => {
      if (performance.now() < course.fromMs || performance.now() > course.untilMs) return;
      lookedForLocks += 1;
      tally.add(await readLockedAccounts(db), new Set(course.payers.values()));
    }),
  ]);
  const sample = await runCoordination(job, watch, course);
  over.abort();
  await Promise.all(looking);
  await Promise.all(shards.map(({ db }) => db.close()));
  const locked = shards.reduce((sum, { tally }) => sum + tally.mean, 0);
  return { ...sample, lockedMs: lockedMsOf(locked, sample.rate), looks: sample.looks + lookedForLocks };
}

type Ended = { readonly id: string; readonly status: SagaEnd };

function findEndedSagas(db: Executor, ids: readonly string[]): Promise<Ended[]> {
  return db.query<Ended>(sql`
    select id, status from saga where id = any(${ids}::uuid[]) and status not in ('running', 'compensating')`);
}

/** There is no row of the transfer as a whole: the payer's shard knows from the record of its last step. */
function findEndedChoreographies(db: Executor, ids: readonly string[]): Promise<Ended[]> {
  const keys = ids.flatMap((id) => [`${id}:complete:do`, `${id}:refund:do`]);
  return db.query<Ended>(sql`
    select split_part(key, ':', 1) as id,
      case split_part(key, ':', 2) when 'complete' then 'completed' else 'compensated' end as status
    from command where scope = 'saga' and key = any(${keys}::text[])`);
}

if (process.send) {
  process.once('message', async (job: CoordinationJob) => {
    process.send?.(await runJob(job), () => process.disconnect());
  });
}
