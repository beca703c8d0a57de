import type { WaySample } from './coordination-load.ts';
import type { InDoubtResult } from './in-doubt.ts';
import type { Machine } from './report.ts';
import type { ResumeResult } from './resume.ts';
import { median } from './sample.ts';
import type { Way } from './traffic.ts';

/** In the order they take their turns; the first is what the others are held against. */
export const WAYS: readonly Way[] = ['local', 'choreographed', 'saga', 'two-phase'];

/** How a client learns that a transfer is final. */
const LEARNS: Readonly<Record<Way, string>> = {
  local: 'the answer',
  choreographed: 'looks for it',
  saga: 'looks for it',
  'two-phase': 'the answer',
};

/** Of a transfer by saga, in transfers a second, against the local one. */
const SAGA_RATIO_MIN = 0.2;
const IN_DOUBT_RATIO_MAX = 2;
const RESUME_S_MAX = 10;

/** A sample with what the databases counted meanwhile, for all transfers that were completed. */
export interface CountedSample extends WaySample {
  readonly commits: number;
  readonly messages: number;
  /** From when the payer can not spend the money until the payee can; the middle one. NaN when both are one commit. */
  readonly onTheWayMs: number;
  /** Why it does not count; empty when it does. */
  readonly refusals: readonly string[];
}

/** Medians of the rounds. */
export interface WayResult {
  readonly way: Way;
  readonly rate: number;
  /** Rates of the slowest and the fastest round: how far the machine let them lie apart. */
  readonly slowest: number;
  readonly fastest: number;
  /** Against the median of `local` in the same run. */
  readonly ratio: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly commitsPerTransfer: number;
  readonly messagesPerTransfer: number;
  readonly lockedMs: number;
  readonly onTheWayMs: number;
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
  readonly inDoubt: InDoubtResult;
  readonly resume: ResumeResult;
}

/** What the rounds come to, one result a way. */
export function summariseWays(measured: ReadonlyMap<Way, readonly CountedSample[]>): WayResult[] {
  const middle = (way: Way, pick: (sample: CountedSample) => number) => median((measured.get(way) ?? []).map(pick));
  const localRate = middle('local', (each) => each.rate);
  return WAYS.map((way) => {
    const rate = middle(way, (each) => each.rate);
    const rates = (measured.get(way) ?? []).map((each) => each.rate);
    const ratio = rate / localRate;
    const refusals = new Set((measured.get(way) ?? []).flatMap((each) => each.refusals));
    return {
      way,
      rate,
      slowest: Math.min(...rates),
      fastest: Math.max(...rates),
      ratio,
      p50Ms: middle(way, (each) => each.p50Ms),
      p99Ms: middle(way, (each) => each.p99Ms),
      commitsPerTransfer: middle(way, (each) => each.commits / each.completed),
      messagesPerTransfer: middle(way, (each) => each.messages / each.completed),
      lockedMs: middle(way, (each) => each.lockedMs),
      onTheWayMs: middle(way, (each) => each.onTheWayMs),
      remarks: [
        ...refusals,
        ...(way === 'saga' && ratio < SAGA_RATIO_MIN ? [`below the goal of ${SAGA_RATIO_MIN}x`] : []),
      ],
    };
  });
}

export function coordinationTable({ results, inDoubt, resume }: Measured): string {
  return [waysTable(results), inDoubtTable(inDoubt), resumeTable(resume)].join('\n\n');
}

type Measured = Pick<CoordinationReport, 'results' | 'inDoubt' | 'resume'>;

export function waysTable(results: readonly WayResult[]): string {
  const head = ['way', 'transfers/s', 'rounds', 'of local', 'p50 ms', 'p99 ms', 'the client'];
  const costs = ['commits', 'messages', 'payer locked ms', 'on the way ms', 'remarks'];
  const rows = results.map((each) => [
    each.way,
    Math.round(each.rate).toLocaleString('en'),
    `${Math.round(each.slowest)} to ${Math.round(each.fastest)}`,
    `${each.ratio.toFixed(2)}x`,
    each.p50Ms.toFixed(1),
    each.p99Ms.toFixed(1),
    LEARNS[each.way],
    each.commitsPerTransfer.toFixed(2),
    each.messagesPerTransfer.toFixed(2),
    each.lockedMs.toFixed(1),
    Number.isNaN(each.onTheWayMs) ? '' : each.onTheWayMs.toFixed(1),
    each.remarks.join('; '),
  ]);
  return tableOf([...head, ...costs], rows);
}

export function inDoubtTable({ p99Ms, rate, refusals, answers, afterwards }: InDoubtResult): string {
  const remarks = [...refusals, ...(p99Ms.ratio <= IN_DOUBT_RATIO_MAX ? [] : ['above the goal'])].join('; ');
  const told = Object.entries(answers).map(([answer, count]) => `${count} x ${answer}`);
  const p99s = [p99Ms.calm.toFixed(1), p99Ms.doubt.toFixed(1), `${p99Ms.ratio.toFixed(2)}x`, `${IN_DOUBT_RATIO_MAX}x`];
  const rates = [`${Math.round(rate.calm)}`, `${Math.round(rate.doubt)}`, `${rate.ratio.toFixed(2)}x`, ''];
  return tableOf(
    ['everyone else', 'calm', 'in doubt', 'ratio', 'goal', 'who wants the account', 'afterwards', 'remarks'],
    [
      ['p99 ms', ...p99s, told.join('; '), afterwards, remarks],
      ['transfers/s', ...rates, '', '', ''],
    ],
  );
}

export function resumeTable({ takenOver, restarted }: ResumeResult): string {
  const row = (what: string, open: number, from: string, seconds: number) => {
    const remarks = seconds <= RESUME_S_MAX ? '' : 'above the goal';
    const ended = seconds === Number.POSITIVE_INFINITY ? 'not in the end' : `${seconds.toFixed(1)} s after ${from}`;
    return [what, `${open}`, ended, `${RESUME_S_MAX} s`, remarks];
  };
  return tableOf(
    ['the ledger is killed', 'sagas open', 'the last of them has ended', 'goal', 'remarks'],
    [
      row('beside a second one', takenOver.open, 'the kill', takenOver.afterKillS),
      row('and started again', restarted.open, 'it answers again', restarted.afterReadyS),
    ],
  );
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** When to use which of the two ways the bank has, in two sentences with what was measured. */
export function whichToUse(results: readonly WayResult[]): string {
  const [saga, twoPhase] = (['saga', 'two-phase'] as const).map((way) => results.find((each) => each.way === way));
  if (saga === undefined || twoPhase === undefined) return '';
  const times = (one: number, other: number) => `${(one / other).toFixed(1)} times`;
  return `Use the saga, which is the default, where a transfer may arrive a moment later: it makes ${times(saga.rate, twoPhase.rate)} as many a
second as \`two-phase\`, with the payer's row locked for ${saga.lockedMs.toFixed(1)} ms in all instead of ${twoPhase.lockedMs.toFixed(1)} ms, holds no lock while it waits for
the other shard, and a shard that is away delays the transfer and nothing else. Use \`two-phase\` where the caller must have the
final answer at once, both sides booked or neither: for ${times(twoPhase.commitsPerTransfer, saga.commitsPerTransfer)} the commits, rows that stay locked from the vote to the
decision, and a refusal when either shard is away.`;
}

/** The part of docs/reference/benchmarks.md about transfers between shards. */
export function coordinationPart(report: CoordinationReport): string {
  const { machine } = report;
  return `## Between two shards

Made by \`${report.command}\` on ${report.date}; this part is written by that command.

A ledger of two shards, two databases of one server; ${report.clients} clients, each waiting until its transfer is final before it sends
the next. Medians of ${report.rounds} rounds of ${report.secondsPerLeg} s, the ways taking turns. Machine: ${machine.cores} cores (${machine.processor}), Node ${machine.node},
PostgreSQL ${machine.postgres}, shared by clients, bank and databases; a load of ${report.loadBefore.toFixed(1)} before the run. Above a load of 1 others
were at work too: the rates are low and even the ratios rough, as the rounds show.

${waysTable(report.results)}

${whichToUse(report.results)}

Choreography is here for the comparison only: the same bookings, but the payer's shard puts the money into clearing at once and
says so, the payee's shard hears it, credits and says so, and the payer's shard hears that it is done, or gives the money back. Its
events wait for the relay, which brings them in rounds, and nobody would notice one that is never answered.

Times go from the request to the end as the payer's shard knows it. Where the answer says only that it has begun, the client looks
for the end in the database every 5 ms, so it is told up to that much late, and each client waits as long for its next. Commits are
those PostgreSQL counts in the two databases, reads and the relay of events among them, without our own and without those of an idle
ledger; locally many transfers share one commit, and a prepared transaction counts twice, when it is prepared and when it is committed.
Messages are events, each counted once however many read it, commands of sagas, and the four requests of a run in two phases.
\`payer locked\` is how long a transfer has the row of the payer's account locked in all, which is as many of them as were found locked
at a time, by the rate (Little's law). \`on the way\` is how long the money is the payer's no more and not yet the payee's: set aside,
then in clearing. Others can use both accounts meanwhile; in two phases nobody can.

### An account in doubt

${inDoubtTable(report.inDoubt)}

One account is prepared and stays undecided for ${report.inDoubt.doubtSeconds} s, as when a coordinator is gone, while ${report.clients} clients move money between all
other accounts, within the shards; \`calm\` is before, between and after, and each doubt is held against the calm on its two
sides. Whoever wants the account itself waits 2 s and is told to come again.

### A killed ledger

${resumeTable(report.resume)}

\`kill -9\` in the middle of transfers by saga. A saga of a dead process is taken up when the answer to its last command, which has
5 s, is a second overdue: by a second process while the first is gone, and else by the one that starts again.
`;
}
