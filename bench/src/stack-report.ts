import type { Machine } from './report.ts';

/** Of load for each bank before the first round. What was just started is half as fast: what runs often is compiled with time. */
export const WARMED_BY_S = 45;
const STACK_HEADING = '## On real servers';
const RATIO_GOAL = 0.45;
const LAG_P99_S_MAX = 0.5;
const FAIL_OVER_S_MAX = 20;

/** Transfers per second of so many clients, in one process and on real servers. */
export interface Rate {
  readonly clients: number;
  readonly embedded: number;
  readonly stack: number;
  /** Of one transfer on real servers. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** From the commit to the read model, the upper bound of its bucket, in the worst round. */
  readonly lagP99S: number;
  readonly remarks: readonly string[];
}

interface Counts {
  readonly requests: number;
  readonly failed: number;
  readonly statuses: Readonly<Record<string, number>>;
}

export interface StackReport {
  readonly command: string;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly secondsPerLeg: number;
  readonly rates: readonly Rate[];
  readonly rolling: Counts;
  readonly failOver: Counts & { readonly longestPauseMs: number };
}

export function stackTable({ rates, rolling, failOver }: StackReport): string {
  const lines = rates.map((rate) => {
    const ratio = rate.stack / rate.embedded;
    const short = [
      ...(ratio < RATIO_GOAL ? ['below the goal'] : []),
      ...(rate.lagP99S > LAG_P99_S_MAX ? ['lag above the goal'] : []),
      ...rate.remarks,
    ];
    const cells = [
      rate.clients,
      whole(rate.embedded),
      whole(rate.stack),
      `${ratio.toFixed(2)}x`,
      [rate.p50Ms, rate.p95Ms, rate.p99Ms].map((value) => value.toFixed(1)).join(' / '),
      `${rate.lagP99S} s`,
      short.join('; '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| clients | in one process | on real servers | ratio | p50 / p95 / p99 ms | event lag p99 | remarks |',
    '|---|---|---|---|---|---|---|',
    ...lines,
    '',
    '| under load | requests | failed | |',
    '|---|---|---|---|',
    `| both gateways and both ledgers started anew, one after the other | ${whole(rolling.requests)} | ${rolling.failed} | ${told(rolling)} |`,
    `| the primary killed, the standby is let to lead | ${whole(failOver.requests)} | ${failOver.failed} | ${(failOver.longestPauseMs / 1_000).toFixed(1)} s without an acknowledged transfer; ${told(failOver)} |`,
  ].join('\n');
}

function whole(value: number): string {
  return Number.isNaN(value) ? 'not measured' : Math.round(value).toLocaleString('en');
}

function told({ statuses }: Counts): string {
  return Object.entries(statuses)
    .map(([status, count]) => `${count} x ${status}`)
    .join(', ');
}

/** The part of docs/reference/benchmarks.md about real servers. */
export function stackPart(report: StackReport): string {
  const { machine, rounds, secondsPerLeg } = report;
  return `${STACK_HEADING}

Made by \`${report.command}\` on ${report.date}; this part is written by that command.

\`POST /v1/transfers\` over TLS through NGINX, two gateways and two ledgers, with Kafka, Redis and PostgreSQL ${machine.postgres} with a
standby, against the bank in one process over plain http, with the same 1,000 accounts of 100 customers; they take turns. In the
second table every commit waits for the standby. Load, processes and servers share ${machine.cores} cores. Medians of ${rounds} rounds of ${secondsPerLeg} s, after
${WARMED_BY_S} s of load for each. The goals: ${RATIO_GOAL}x, an event lag of ${LAG_P99_S_MAX} s at the 99th percentile, no
failed request while processes are started anew, and transfers again within ${FAIL_OVER_S_MAX} s after the primary died.

${stackTable(report)}

A failed request is one the client asks again with the same key; tests/stack holds that nothing is lost and nothing happens twice then.
`;
}
