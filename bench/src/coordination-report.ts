import type { WaySample } from './coordination-load.ts';
import type { Machine } from './report.ts';
import { median } from './sample.ts';
import type { Way } from './traffic.ts';

/** In the order they take their turns; the first is what the others are held against. */
export const WAYS: readonly Way[] = ['local', 'saga', 'two-phase'];

/** A sample with what the databases counted meanwhile, for all transfers that were completed. */
export interface CountedSample extends WaySample {
  readonly commits: number;
  readonly outboxRows: number;
  /** Why it does not count; empty when it does. */
  readonly refusals: readonly string[];
}

/** Medians of the rounds. */
export interface WayResult {
  readonly way: Way;
  readonly rate: number;
  /** Against the median of `local` in the same run. */
  readonly ratio: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly commitsPerTransfer: number;
  readonly outboxRowsPerTransfer: number;
  readonly remarks: readonly string[];
}

export interface CoordinationReport {
  readonly command: string;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly machine: Machine;
  readonly clients: number;
  readonly rounds: number;
  readonly secondsPerLeg: number;
  /** How busy the machine was before, in processes that wanted a core (the load average of a minute). */
  readonly loadBefore: number;
  readonly results: readonly WayResult[];
}

/** What the rounds come to, one result a way. */
export function summariseWays(measured: ReadonlyMap<Way, readonly CountedSample[]>): WayResult[] {
  const middle = (way: Way, pick: (sample: CountedSample) => number) => median((measured.get(way) ?? []).map(pick));
  const localRate = middle('local', (each) => each.rate);
  return WAYS.map((way) => {
    const rate = middle(way, (each) => each.rate);
    return {
      way,
      rate,
      ratio: rate / localRate,
      p50Ms: middle(way, (each) => each.p50Ms),
      p99Ms: middle(way, (each) => each.p99Ms),
      commitsPerTransfer: middle(way, (each) => each.commits / each.completed),
      outboxRowsPerTransfer: middle(way, (each) => each.outboxRows / each.completed),
      remarks: [...new Set((measured.get(way) ?? []).flatMap((each) => each.refusals))],
    };
  });
}

export function coordinationTable(results: readonly WayResult[]): string {
  const lines = results.map((each) => {
    const cells = [
      each.way,
      Math.round(each.rate).toLocaleString('en'),
      `${each.ratio.toFixed(2)}x`,
      each.p50Ms.toFixed(1),
      each.p99Ms.toFixed(1),
      each.commitsPerTransfer.toFixed(2),
      each.outboxRowsPerTransfer.toFixed(2),
      each.remarks.join('; '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| way | transfers/s | of local | p50 ms | p99 ms | commits a transfer | outbox rows a transfer | remarks |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

/** The part of docs/reference/benchmarks.md about transfers between shards. */
export function coordinationPart(report: CoordinationReport): string {
  const { machine } = report;
  return `## Between two shards

Made by \`${report.command}\` on ${report.date}; this part is written by that command.

A ledger of two shards, two databases of one server; ${report.clients} clients, each waiting until its transfer is final before it sends
the next. Medians of ${report.rounds} rounds of ${report.secondsPerLeg} s, the ways taking turns. Machine: ${machine.cores} cores (${machine.processor}), Node ${machine.node},
PostgreSQL ${machine.postgres}, shared by clients, bank and databases; a load of ${report.loadBefore.toFixed(1)} before the run. Above a load of 1 others
were at work too: take the ratios, not the rates.

${coordinationTable(report.results)}

Use the saga, which is the default, where a transfer may arrive a moment later: it holds no lock while it waits for the other shard,
and a shard that is away delays the transfer and nothing else. Use \`two-phase\` where the caller must have the final answer at
once: both sides are booked or neither, for the price of rows that stay locked from the vote to the decision, and of a refusal when
either shard is away.

Times go from the request to the end. A saga has ended when a look into the database finds it completed (every
5 ms, so it is told up to that much late, and each client waits as long for its next). Commits are those PostgreSQL counts in
the two databases, reads, the relay of events and chores among them, our own looks taken off; a row of the outbox holds all events
of one database transaction. Locally many transfers share one commit. How long rows stay locked is not measured, and neither is
choreography.
`;
}
