import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Wanted } from './arguments.ts';
import { missEach } from './kernel/gate.ts';
import { type Failure, historyOf, type Kind, tryRun } from './kernel/kind.ts';
import { Tally } from './kernel/tally.ts';
import { catchTable, type KindReport, page, summary } from './report.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = `${ROOT}docs/reference/simulation.md`;
/** A safeguard that so many seeds do not miss is not missed. */
const MUTANT_SEEDS_MAX = 500;
/** The end of a long history says most. */
const HISTORY_LINES_MAX = 200;

/** Runs the seeds of every kind and takes away every safeguard; prints what came of it. False when anything is wrong. */
export function simulate(kinds: readonly Kind[], { seeds, from, page: writesPage }: Wanted): boolean {
  const reports: KindReport[] = [];
  for (const kind of kinds) {
    const startedAt = performance.now();
    const tally = new Tally();
    for (let seed = from; seed < from + seeds; seed += 1) {
      const failure = tryRun(kind, seed, undefined, tally);
      if (failure === undefined) continue;
      console.error(failureReport(kind, failure));
      return false;
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    const catches = missEach(kind, from, Math.min(MUTANT_SEEDS_MAX, Math.max(seeds, 1)));
    reports.push({ kind, seeds, seconds, tally, catches });
    console.log(summary(reports.at(-1) as KindReport));
  }
  console.log(`\n${catchTable(reports)}`);
  if (writesPage) writeFileSync(PAGE, page(reports));
  const survivors = reports.flatMap((report) => report.catches).filter((caught) => caught.seeds === undefined);
  for (const { kind, mutant } of survivors)
    console.error(`${kind}: nobody missed the safeguard that ${mutant} takes away.`);
  return survivors.length === 0;
}

/** Replays one seed of a kind and prints everything that happens. False when an invariant does not hold. */
export function replaySeed(kind: Kind, seed: number): boolean {
  for (const line of historyOf(kind, seed, undefined)) console.log(line);
  const failure = tryRun(kind, seed);
  if (failure === undefined) console.log(`${kind.name}: seed ${seed} keeps every invariant.`);
  else console.error(failureReport(kind, failure));
  return failure === undefined;
}

/** Everything somebody needs who wants to see it themselves. */
export function failureReport(kind: Kind, failure: Failure): string {
  const { seed, invariant, subject, detail } = failure;
  const history = historyOf(kind, seed, subject);
  const left = history.length - HISTORY_LINES_MAX;
  return [
    `${kind.name}: seed ${seed} breaks ${invariant} at ${commit()}: ${detail}`,
    `The history of ${subject}${left > 0 ? `, without its first ${left} lines` : ''}:`,
    ...history.slice(-HISTORY_LINES_MAX),
    `Again: npm run simulate -- --kind ${kind.name} --seed ${seed}`,
  ].join('\n');
}

function commit(): string {
  try {
    return `commit ${execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }).trim()}`;
  } catch {
    return 'an unknown commit';
  }
}
