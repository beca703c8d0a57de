import type { ReadTimes } from './history-reads.ts';
import type { Machine } from './report.ts';

/** Where the part of a page about long histories begins. */
const HISTORY_HEADING = '## Reading a long history';

/** What a read of an account with a hundred thousand lines may take at the 99th percentile. */
const READ_P99_MS_MAX = 150;

export interface HistoryReport {
  readonly command: string;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly machine: Machine;
  readonly clients: number;
  readonly rounds: number;
  readonly times: readonly ReadTimes[];
  /** How busy the machine was before, in processes that wanted a core (the load average of a minute). */
  readonly loadBefore: number;
}

export function historyTable(times: readonly ReadTimes[]): string {
  const lines = times.map((each) => {
    const cells = [each.name, each.count, ms(each.p50Ms), ms(each.p99Ms), ms(each.maxMs), remarks(each)];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| read | answers | p50 ms | p99 ms | max ms | remarks |', '|---|---|---|---|---|---|', ...lines].join('\n');
}

function ms(value: number): string {
  return value.toFixed(1);
}

function remarks({ p99Ms, failures }: ReadTimes): string {
  const found = Object.entries(failures).map(([status, count]) => `${count} x ${status}`);
  return [...(p99Ms > READ_P99_MS_MAX ? ['above the goal'] : []), ...found].join('; ');
}

/** The part of docs/reference/benchmarks.md about long histories. */
export function historyPart(report: HistoryReport): string {
  const { machine } = report;
  return `${HISTORY_HEADING}

Made by \`${report.command}\` on ${report.date}; this part is written by that command.

Accounts of 100,000 lines, read through the gateway by ${report.clients} clients at a time, each waiting for its answer; ${report.rounds} rounds.
The goal is a p99 of ${READ_P99_MS_MAX} ms. Machine: ${machine.cores} cores (${machine.processor}), Node ${machine.node}, PostgreSQL ${machine.postgres}, shared by clients,
bank and database; a load of ${report.loadBefore.toFixed(1)} before the run.

${historyTable(report.times)}

One account's lines are spread over three years, among 900,000 lines of others, so that they lie apart on the disk; the reads
"all lines in this month" are of accounts whose 100,000 lines were all booked in it. The lines were written into the read
model directly. Searches begin anywhere in the history; one page looks through 10,000 versions at most. A first look at the spending
of a month adds up all its lines, what comes after only what is new.
`;
}
