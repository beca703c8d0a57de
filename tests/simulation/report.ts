import type { Catch } from './kernel/gate.ts';
import type { Kind } from './kernel/kind.ts';
import type { Tally } from './kernel/tally.ts';

/** What came of one kind. */
export interface KindReport {
  readonly kind: Kind;
  readonly seeds: number;
  readonly seconds: number;
  readonly tally: Tally;
  readonly catches: readonly Catch[];
}

/** One line about the seeds of a kind. */
export function summary({ kind, seeds, seconds, tally }: KindReport): string {
  const subjects = tally.of(kind.subjects).toLocaleString('en');
  const events = tally.of('events').toLocaleString('en');
  return `${kind.name}: ${seeds.toLocaleString('en')} seeds, ${subjects} ${kind.subjects}, ${events} events in ${seconds.toFixed(1)} s, and every invariant held.`;
}

/** Which safeguards were taken away, and how soon that was noticed. */
export function catchTable(reports: readonly Pick<KindReport, 'catches'>[]): string {
  const rows = reports
    .flatMap(({ catches }) => catches)
    .map(({ kind, mutant, seeds, first }) => [
      kind,
      mutant,
      seeds === undefined ? 'survives' : String(seeds),
      first?.invariant ?? '',
    ]);
  const header = ['Kind', 'Without', 'Seeds until caught', 'By'];
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(header), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

/** The page docs/reference/simulation.md. */
export function page(reports: readonly KindReport[]): string {
  return `${INTRODUCTION}
${reports.map((report) => `- ${summary(report)}`).join('\n')}

## Without a safeguard

A simulation that finds nothing proves little. So every safeguard is taken away, one at a time, by wrapping the code and not by
a switch in it, and a run must fail. Two fences keep a stale orchestrator from writing, the revision of a saga and the key of
its log; either alone is enough, so they are taken away together.

${catchTable(reports)}
`;
}

const INTRODUCTION = `# Simulation

The parts of the bank that work together without a common transaction are run in a world that goes wrong: messages are
lost, late, doubled and out of order; processes die and stand still; commits fail; clocks are off; people change their
minds. All of it is drawn from a seed, in virtual time, so a seed that fails fails again. What runs is the product's own
code (\`@florin/saga\`, \`@florin/two-phase-commit\`), on stores in memory. Then everything works again and must come to
an end in time, and then every message there ever was comes once more. The idea is that of FoundationDB and TigerBeetle.

    npm run simulate -- --seeds 3000    runs so many seeds, and takes away every safeguard; --from N runs others
    npm run simulate -- --seed N        replays one, with everything that happens; --kind saga, two-phase or choreography
    npm run simulate -- --page          writes this page

\`npm test\` does the same with some hundred seeds. The code is in [tests/simulation](../../tests/simulation).

## What must hold

After every commit: each database's books add up to nothing (I1), nobody has less than is promised (I2), nothing is done
twice (I3), and no effect is there without its record (I4). Always: what was said to be done stays done (I7), what was said
not to be has left nothing behind (I8), there is one end and not two (I9), logs have no gaps and are the truth (I11), times
are the database's (T5), deadlines count before the point of no return and not after it (T1), a command says the same
whenever it is sent (P7), and people are asked only about what did go wrong (I6). At rest: clearing is empty (I5), nothing is
held for what is over (I10), no queue has anything left (I12), no money was made or lost (I13), all has ended within a bound
(I14), and who is to be told was told once (I15).

Of two-phase commit, in the words of Bernstein, Hadzilacos and Goodman: all branches end alike (AC1), no decision is
reversed (AC2), it is committed only when all have prepared (AC3) and then surely when nothing goes wrong (AC4), and once
everything works nothing stays in doubt (AC5). What is aborted is never prepared afterwards (X6), a branch that somebody
finished by hand against the decision is shown to a person (X7), and a branch that nobody answers for is left alone (X10).

## The last run
`;
