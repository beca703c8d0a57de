import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Result } from './rounds.ts';
import { median } from './sample.ts';

/** What a reader needs to know about the machine, and nothing that tells which one it was. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly postgres: string;
}

export interface Report {
  readonly command: string;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly secondsPerLeg: number;
  readonly results: readonly Result[];
}

export function describeMachine(postgres: string): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgres,
  };
}

/** The page docs/reference/benchmarks.md. */
export function benchmarkPage(report: Report): string {
  const { machine } = report;
  return `# Benchmarks

Made by \`${report.command}\` on ${report.date}; this page is written by that command, not by hand.

Machine: ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB of memory, Node ${machine.node}, PostgreSQL ${machine.postgres}.
Load, bank and database share it. Each rate is the median of ${report.rounds} rounds of ${report.secondsPerLeg} s; the rows take turns within a round.

${resultTable(report.results)}

What the rows are:

- \`pgbench-tpcb\`: the yardstick, PostgreSQL's own pgbench (\`-s 128 -M prepared\`), five statements and a commit a transaction, on the same server.
- \`ledger-batch\`: \`POST /v1/transfer-batches\`, 100 independent transfers a request; counts transfers.
- \`gateway-single\`: \`POST /v1/transfers\`, one transfer a request.
- \`balance-read\`: \`GET /v1/accounts/{id}/balance\`; its yardstick is \`hello\`, the web framework answering a constant.

Everything goes through the gateway: token, rate limit (raised, not removed), idempotency key, daily limit, events and their
readers. The ledger has 10,000 accounts, drawn uniformly, of 1,000 callers. fsync and synchronous_commit are on for bank and
yardstick alike. A rate counts only if the event lag's p99 is at most 2 s and the outbox is empty 5 s after the end.
`;
}

/** One line a row, in Markdown. */
export function resultTable(results: readonly Result[]): string {
  const lines = results.map((result) => {
    const { row, ratio } = result;
    const goal = row.peer ? `${row.peer.goal.toFixed(1)}x` : '';
    const against = row.peer && ratio !== undefined ? `${ratio.toFixed(2)}x ${row.peer.name}` : '';
    const cells = [
      row.name,
      row.clients,
      rate(result.rate),
      row.counts,
      latency(result),
      against,
      goal,
      remarks(result),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| row | clients | per second | of | p50 / p95 / p99 ms | ratio | goal | remarks |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

function rate(value: number): string {
  return Number.isNaN(value) ? 'not measured' : Math.round(value).toLocaleString('en');
}

function latency({ samples }: Result): string {
  const middle = (pick: (sample: (typeof samples)[number]) => number | undefined) =>
    median(samples.flatMap((sample) => pick(sample) ?? [])).toFixed(1);
  if (samples.some((sample) => sample.p99Ms !== undefined)) {
    return [middle((each) => each.p50Ms), middle((each) => each.p95Ms), middle((each) => each.p99Ms)].join(' / ');
  }
  return samples.length > 0 ? `average ${middle((each) => each.averageMs)}` : '';
}

function remarks({ row, ratio, remarks: found }: Result): string {
  const isShort = row.peer !== undefined && ratio !== undefined && ratio < row.peer.goal;
  return [...(isShort ? ['below the goal'] : []), ...found].join('; ');
}
