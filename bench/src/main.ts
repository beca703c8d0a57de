import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock, utcDate } from '@florin/primitives';
import { benchCoordination } from './coordination.ts';
import { coordinationPart, coordinationTable } from './coordination-report.ts';
import { benchHistory } from './history.ts';
import { historyPart, historyTable } from './history-report.ts';
import { openLegs } from './legs.ts';
import { benchLoginFlood, loginFloodTable } from './login-flood.ts';
import { keepingParts, withPart } from './page-parts.ts';
import { benchmarkPage, describeMachine, type Report, resultTable } from './report.ts';
import { runRounds, summarise } from './rounds.ts';
import { NAMES, type Row, rowsOf } from './rows.ts';
import { postgresVersion, settle, startBenchServer } from './server.ts';
import { benchStack } from './stack.ts';
import { stackPart, stackTable } from './stack-report.ts';
import { benchTokenCheck, tokenCheckTable } from './token-check.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, '.florin', 'bench');
const PAGE = join(ROOT, 'docs', 'reference', 'benchmarks.md');
const COMMAND = `npm run bench -- ${process.argv.slice(2).join(' ')}`;
/** Not a row: it measures how long reads take and not how many there are. */
const HISTORY = 'history';
/** Not a row either: four ways of one transfer, held against each other, and what goes on when something is away. */
const COORDINATION = 'coordination';
/** Nor this: transfers while many more sign in than can be hashed. */
const LOGIN_FLOOD = 'login-flood';
/** Nor this: processor time of the checks a request goes through, without a bank. */
const TOKEN_CHECK = 'token-check';
/** Nor this: the bank as processes on real servers, held against the one in one process. */
const STACK = 'stack';
const UNLIKE_ROWS = new Set([HISTORY, COORDINATION, LOGIN_FLOOD, TOKEN_CHECK, STACK]);
const SECONDS_DEFAULT = '20';
/** With three rounds of four ways the whole of it is done within six minutes. */
const COORDINATION_SECONDS_DEFAULT = '6';
const USAGE = `npm run bench -- NAME [--json FILE] [--page] [--rounds 3] [--seconds 20, of coordination 6]
NAME is one of ${NAMES.join(', ')}, ${HISTORY}, ${COORDINATION}, ${LOGIN_FLOOD}, ${TOKEN_CHECK} or ${STACK}; --page writes docs/reference/benchmarks.md`;

interface Wanted {
  readonly name: string;
  /** None for what is not a row. */
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
      seconds: { type: 'string' },
    },
  });
  const [name = '', ...more] = positionals;
  const rows = rowsOf(name);
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds ?? (name === COORDINATION ? COORDINATION_SECONDS_DEFAULT : SECONDS_DEFAULT));
  const isKnown = (rows.length > 0 || UNLIKE_ROWS.has(name)) && more.length === 0;
  if (!isKnown || !(rounds >= 1) || !(seconds >= 1)) return undefined;
  return { name, rows, page: values.page, rounds, seconds, ...(values.json ? { jsonFile: values.json } : {}) };
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
        command: COMMAND,
        date: utcDate(systemClock()),
        machine: describeMachine(await postgresVersion(server.url)),
        rounds: wanted.rounds,
        secondsPerLeg: wanted.seconds,
        results: summarise(wanted.rows, samples, missing),
      };
      console.log(resultTable(report.results));
      if (wanted.jsonFile) writeFileSync(wanted.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
      if (wanted.page) {
        writePage((page) => keepingParts(benchmarkPage(report), page));
      }
    } finally {
      await close();
    }
  } finally {
    await server.stop();
  }
}

async function benchReads(wanted: Wanted): Promise<void> {
  const say = (text: string) => console.error(text);
  const server = await startBenchServer(FOLDER);
  try {
    const { rounds } = wanted;
    const report = await benchHistory({ serverUrl: server.url, folder: FOLDER, rounds, command: COMMAND, say });
    console.log(historyTable(report.times));
    if (wanted.jsonFile) writeFileSync(wanted.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
    if (wanted.page) writePage((page) => withPart(page, historyPart(report)));
  } finally {
    await server.stop();
  }
}

async function benchWays(wanted: Wanted): Promise<void> {
  const say = (text: string) => console.error(text);
  const server = await startBenchServer(FOLDER);
  try {
    const { rounds, seconds } = wanted;
    const options = { serverUrl: server.url, folder: FOLDER, rounds, seconds, command: COMMAND, say };
    const report = await benchCoordination(options);
    console.log(coordinationTable(report));
    if (wanted.jsonFile) writeFileSync(wanted.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
    if (wanted.page) writePage((page) => withPart(page, coordinationPart(report)));
  } finally {
    await server.stop();
  }
}

async function benchFlood({ rounds, seconds, jsonFile }: Wanted): Promise<void> {
  const say = (text: string) => console.error(text);
  const server = await startBenchServer(FOLDER);
  try {
    const report = await benchLoginFlood({ serverUrl: server.url, folder: FOLDER, rounds, seconds, say });
    console.log(loginFloodTable(report));
    if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await server.stop();
  }
}

async function benchRealServers({ rounds, seconds, jsonFile, page }: Wanted): Promise<void> {
  const say = (text: string) => console.error(text);
  const server = await startBenchServer(FOLDER);
  try {
    const report = await benchStack({ serverUrl: server.url, folder: FOLDER, rounds, seconds, command: COMMAND, say });
    console.log(stackTable(report));
    if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
    if (page) writePage((old) => withPart(old, stackPart(report)));
  } finally {
    await server.stop();
  }
}

async function benchChecks({ jsonFile }: Wanted): Promise<void> {
  const checks = await benchTokenCheck();
  console.log(tokenCheckTable(checks));
  if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify(checks, null, 2)}\n`);
}

function writePage(change: (page: string) => string): void {
  mkdirSync(dirname(PAGE), { recursive: true });
  writeFileSync(PAGE, change(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''));
}

const wanted = readArguments();
if (wanted) {
  const runs: Readonly<Record<string, (wanted: Wanted) => Promise<void>>> = {
    [HISTORY]: benchReads,
    [COORDINATION]: benchWays,
    [LOGIN_FLOOD]: benchFlood,
    [TOKEN_CHECK]: benchChecks,
    [STACK]: benchRealServers,
  };
  await (runs[wanted.name] ?? bench)(wanted);
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
