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

## What is missed

${catchTable(reports)}
`;
}

const INTRODUCTION = `# Simulation

The parts of the bank that work together without a common transaction are run in a world that goes wrong: messages are
lost, late, doubled and out of order; processes die and stand still; commits fail; clocks are off; people change their
minds. All of it is drawn from a seed, in virtual time, so a seed that fails fails again. What runs is the product's own
code (\`@florin/saga\`), on stores in memory. Then everything works again and must come to an end in time, and then
every message there ever was comes once more. The idea is FoundationDB's and TigerBeetle's.

\`npm test\` runs some hundred seeds. \`npm run simulate -- --seeds 3000\` runs more, \`--from N\` others, and
\`--seed N\` replays one with everything that happens. \`--page\` writes this page.

A simulation that finds nothing proves little, so every safeguard is also taken away, one at a time, and a run must fail
without it. The table says how many seeds that took, and which invariant was broken.

## The last run
`;
