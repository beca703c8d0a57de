import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withClient } from '@florin/postgres';
import { systemClock, utcDate } from '@florin/primitives';
import { openLegs } from './legs.ts';
import { benchmarkPage, describeMachine, type Report, resultTable } from './report.ts';
import { runRounds, summarise } from './rounds.ts';
import { NAMES, type Row, rowsOf } from './rows.ts';
import { settle, startBenchServer } from './server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, '.florin', 'bench');
const PAGE = join(ROOT, 'docs', 'reference', 'benchmarks.md');
const USAGE = `npm run bench -- NAME [--json FILE] [--page] [--rounds 3] [--seconds 20]
NAME is one of ${NAMES.join(', ')}; --page writes docs/reference/benchmarks.md`;

interface Wanted {
  readonly rows: readonly Row[];
  readonly jsonFile?: string;
  readonly page: boolean;
  readonly rounds: number;
  readonly seconds: number;
}

/** What the command line asks for; undefined when it makes no sense. */
function readArguments(): Wanted | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      page: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '20' },
    },
  });
  const rows = positionals.length === 1 ? rowsOf(positionals[0] ?? '') : [];
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  if (rows.length === 0 || !(rounds >= 1) || !(seconds >= 1)) return undefined;
  return { rows, page: values.page, rounds, seconds, ...(values.json ? { jsonFile: values.json } : {}) };
}

async function bench(wanted: Wanted): Promise<void> {
  const say = (text: string) => console.error(text);
  const server = await startBenchServer(FOLDER);
  try {
    const { legs, missing, close } = await openLegs(wanted.rows, server.url, FOLDER, say);
    try {
      for (const [row, reason] of missing) say(`${row.name} at ${row.clients} clients is left out: ${reason}.`);
      const samples = await runRounds(legs, {
        rounds: wanted.rounds,
        durationMs: wanted.seconds * 1000,
        before: () => settle(server.url),
        measured: (row, round, sample) => {
          const doubts = sample.refusals.length > 0 ? ` (does not count: ${sample.refusals.join('; ')})` : '';
          say(`round ${round}: ${row.name} at ${row.clients} clients: ${Math.round(sample.rate)}/s${doubts}`);
        },
      });
      const report: Report = {
        command: `npm run bench -- ${process.argv.slice(2).join(' ')}`,
        date: utcDate(systemClock()),
        machine: describeMachine(await postgresVersion(server.url)),
        rounds: wanted.rounds,
        secondsPerLeg: wanted.seconds,
        results: summarise(wanted.rows, samples, missing),
      };
      console.log(resultTable(report.results));
      if (wanted.jsonFile) writeFileSync(wanted.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
      if (wanted.page) {
        mkdirSync(dirname(PAGE), { recursive: true });
        writeFileSync(PAGE, benchmarkPage(report));
      }
    } finally {
      await close();
    }
  } finally {
    await server.stop();
  }
}

async function postgresVersion(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const answer = await client.query<{ server_version: string }>('show server_version');
    return answer.rows[0]?.server_version ?? 'unknown';
  });
}

const wanted = readArguments();
if (wanted) {
  await bench(wanted);
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
