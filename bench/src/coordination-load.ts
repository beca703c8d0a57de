import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@florin/postgres';
import { type AnswerSink, runConnection } from './connection.ts';
import { FinalWatch, type SagaEnd } from './final-watch.ts';
import { percentile } from './sample.ts';
import { type Caller, type RequestSource, requestsOf, shardOf, type Way } from './traffic.ts';

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
  /** Queries of our own that looked for ends of sagas: commits of the shards' databases that are not the ledger's. */
  readonly looks: number;
  /** What did not end well, by status code or by how the saga ended; empty when all is well. */
  readonly failures: Readonly<Record<string, number>>;
}

const LOOK_EVERY_MS = 5;
const ID = /"id":"([0-9a-f-]{36})"/;

/** A closed loop in which a client's next transfer leaves when the last is final, so that every way has as many under way. */
export async function runCoordination(job: CoordinationJob, watch: FinalWatch): Promise<WaySample> {
  const timesMs: number[] = [];
  const failures: Record<string, number> = {};
  let completed = 0;
  const fromMs = performance.now() + job.warmUpMs;
  const untilMs = fromMs + job.durationMs;
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

  const runClient = () => {
    let id = '';
    let end: Promise<void> = Promise.resolve();
    const source: RequestSource = {
      next: requests.next,
      worth(status, body) {
        id = ID.exec(body.toString('latin1'))?.[1] ?? '';
        return requests.worth(status, body);
      },
    };
    const sink: AnswerSink = {
      answered(status, worth, sentAtMs) {
        if (worth === 0) failed(String(status));
        else if (job.way === 'saga') end = watch.endOf(id).then((how) => ended(how, sentAtMs));
        else ended('completed', sentAtMs);
      },
      settled: () => end,
      lost: () => failed('lost'),
      goesOn: () => performance.now() < untilMs,
    };
    return runConnection(job.port, source, sink);
  };
  await Promise.all(Array.from({ length: job.connections }, runClient));

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

/** Runs the job while it looks into the databases for sagas that ended. */
async function runJob(job: CoordinationJob): Promise<WaySample> {
  const watch = new FinalWatch(() => performance.now());
  const over = new AbortController();
  const looking = job.shardUrls.map((url, shard) =>
    withClient(url, async (client) => {
      while (!over.signal.aborted) {
        await sleep(LOOK_EVERY_MS);
        await watch.look(
          (id) => shardOf(id) === shard,
          async (ids) => {
            const found = await client.query<{ id: string; status: SagaEnd }>(
              `select id, status from saga where id = any($1::uuid[]) and status not in ('running', 'compensating')`,
              [ids],
            );
            return found.rows;
          },
        );
      }
    }),
  );
  const sample = await runCoordination(job, watch);
  over.abort();
  await Promise.all(looking);
  return sample;
}

if (process.send) {
  process.once('message', async (job: CoordinationJob) => {
    process.send?.(await runJob(job), () => process.disconnect());
  });
}
