import { type AnswerSink, runConnection, type Target } from './connection.ts';
import { percentile, type Sample } from './sample.ts';
import { requestsOf, type Traffic } from './traffic.ts';

/** What the parent sends over the channel between the processes; the answer is a `Sample`. */
export interface LoadJob extends Target {
  readonly connections: number;
  /** Answers of this time are thrown away: connections open, code gets compiled, caches fill. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly seed: number;
  readonly traffic: Traffic;
}

/** Twice the fastest row for a minute. Beyond it latencies are no longer recorded; the rate still is. */
const LATENCIES_MAX = 4_000_000;

/** Runs a closed loop of `connections` clients, one request each under way. */
export async function runLoad(job: LoadJob): Promise<Sample> {
  const latenciesUs = new Uint32Array(LATENCIES_MAX);
  let recorded = 0;
  let worthInWindow = 0;
  let lastWorthMs = performance.now() + job.warmUpMs;
  let longestPauseMs = 0;
  const statuses: Record<string, number> = {};
  const fromMs = performance.now() + job.warmUpMs;
  const untilMs = fromMs + job.durationMs;

  const sink: AnswerSink = {
    answered(status, worth, sentAtMs) {
      const now = performance.now();
      if (now < fromMs || now > untilMs) return;
      worthInWindow += worth;
      if (worth > 0) {
        longestPauseMs = Math.max(longestPauseMs, now - lastWorthMs);
        lastWorthMs = now;
      }
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (recorded < LATENCIES_MAX) latenciesUs[recorded++] = (now - sentAtMs) * 1000;
    },
    lost() {
      statuses['lost'] = (statuses['lost'] ?? 0) + 1;
    },
    goesOn: () => performance.now() < untilMs,
  };
  const source = requestsOf(job.traffic, job.seed);
  await Promise.all(Array.from({ length: job.connections }, () => runConnection(job, source, sink)));

  const sorted = latenciesUs.subarray(0, recorded).sort();
  return {
    rate: worthInWindow / (job.durationMs / 1000),
    p50Ms: percentile(sorted, 0.5) / 1000,
    p95Ms: percentile(sorted, 0.95) / 1000,
    p99Ms: percentile(sorted, 0.99) / 1000,
    longestPauseMs: Math.max(longestPauseMs, untilMs - lastWorthMs),
    statuses,
    refusals: [],
  };
}

if (process.send) {
  process.once('message', async (job: LoadJob) => {
    process.send?.(await runLoad(job), () => process.disconnect());
  });
}
