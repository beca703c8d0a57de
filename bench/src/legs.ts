import { join } from 'node:path';
import { type BenchBank, startBenchBank } from './bank.ts';
import { startChild } from './child.ts';
import { lagP99 } from './event-lag.ts';
import type { LoadJob } from './load.ts';
import { PgbenchMissing, preparePgbench, runPgbench } from './pgbench.ts';
import type { Row } from './rows.ts';
import type { Sample } from './sample.ts';
import { dropBankDatabases, outboxesDrain, settle } from './server.ts';
import type { Traffic } from './traffic.ts';

/** Runs one row once. */
export type Leg = (durationMs: number) => Promise<Sample>;

export interface Legs {
  /** The legs of the rows that can be measured here; the others are explained in `missing`. */
  readonly legs: ReadonlyMap<Row, Leg>;
  readonly missing: ReadonlyMap<Row, string>;
  close(): Promise<void>;
}

const ITEMS_PER_BATCH = 100;
const LAG_P99_MAX_S = 2;
const DRAIN_WITHIN_MS = 5_000;
/** The first round's processes are cold: code is compiled and caches fill in this part, which is thrown away. */
const WARM_UP_MS = 3_000;

/** Starts what the rows need, each once for the whole run, and answers how to run each row. */
export async function openLegs(
  rows: readonly Row[],
  serverUrl: string,
  folder: string,
  say: (text: string) => void,
): Promise<Legs> {
  const legs = new Map<Row, Leg>();
  const missing = new Map<Row, string>();
  const closers: (() => Promise<void>)[] = [];
  let seed = 1;
  const load = async (port: number, row: Row, durationMs: number, traffic: Traffic): Promise<Sample> => {
    const child = startChild({ file: new URL('load.ts', import.meta.url), logFile: join(folder, 'load.log') });
    seed += 1;
    const job: LoadJob = { port, connections: row.clients, warmUpMs: WARM_UP_MS, durationMs, seed, traffic };
    child.send(job);
    return child.receive<Sample>();
  };

  if (rows.some((row) => row.name === 'pgbench-tpcb')) {
    const problem = await pgbenchProblem(serverUrl, say);
    for (const row of rows.filter((each) => each.name === 'pgbench-tpcb')) {
      if (problem) missing.set(row, problem);
      else legs.set(row, (durationMs) => runPgbench(serverUrl, row.clients, durationMs));
    }
  }
  const hello = rows.find((row) => row.name === 'hello');
  if (hello) {
    const child = startChild({ file: new URL('hello.ts', import.meta.url), logFile: join(folder, 'hello.log') });
    const { port } = await child.receive<{ port: number }>();
    closers.push(child.stop);
    legs.set(hello, (durationMs) => load(port, hello, durationMs, { kind: 'hello' }));
  }
  const onBank = rows.filter((row) => row.name !== 'pgbench-tpcb' && row.name !== 'hello');
  if (onBank.length > 0) {
    say('starting a bank with 10,000 accounts of 1,000 customers ...');
    await dropBankDatabases(serverUrl);
    const bank = await startBenchBank(serverUrl, folder);
    closers.push(bank.stop);
    for (const row of onBank) {
      legs.set(row, async (durationMs) => {
        const traffic = await trafficOf(row, bank);
        return counted(bank, serverUrl, () => load(bank.port, row, durationMs, traffic));
      });
    }
  }
  return {
    // In the order of the rows, so a row and its yardstick run side by side.
    legs: new Map([...legs].sort(([a], [b]) => rows.indexOf(a) - rows.indexOf(b))),
    missing,
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

async function pgbenchProblem(serverUrl: string, say: (text: string) => void): Promise<string | undefined> {
  try {
    await preparePgbench(serverUrl, say);
    await settle(serverUrl);
    return undefined;
  } catch (error) {
    if (error instanceof PgbenchMissing) return error.message;
    throw error;
  }
}

async function trafficOf(row: Row, bank: BenchBank): Promise<Traffic> {
  const callers = await bank.callers();
  if (row.name === 'ledger-batch') return { kind: 'batch', callers, itemsPerBatch: ITEMS_PER_BATCH };
  return { kind: row.name === 'balance-read' ? 'balance' : 'transfer', callers };
}

/** A rate counts only while the readers keep up: an outbox that grows is work put off, not done. */
async function counted(bank: BenchBank, serverUrl: string, run: () => Promise<Sample>): Promise<Sample> {
  const before = await bank.eventLag();
  const sample = await run();
  const drained = await outboxesDrain(serverUrl, DRAIN_WITHIN_MS);
  const lagS = lagP99(before, await bank.eventLag());
  const refusals = [...sample.refusals];
  if (!drained) refusals.push('the outbox was not empty 5 s after the end');
  if (lagS > LAG_P99_MAX_S) refusals.push(`event lag p99 was above ${LAG_P99_MAX_S} s`);
  const bad = Object.entries(sample.statuses ?? {}).filter(([status]) => !status.startsWith('2'));
  if (bad.length > 0)
    refusals.push(`not all answers were good: ${bad.map(([code, n]) => `${n} x ${code}`).join(', ')}`);
  return { ...sample, refusals };
}
