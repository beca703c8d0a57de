import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@florin/postgres';
import { systemClock, utcDate } from '@florin/primitives';
import { type BenchBank, startBenchBank } from './bank.ts';
import { startChild } from './child.ts';
import type { CoordinationJob, WaySample } from './coordination-load.ts';
import { type CoordinationReport, type CountedSample, summariseWays, WAYS } from './coordination-report.ts';
import { describeMachine } from './report.ts';
import { databaseUrl, dropBankDatabases, outboxesDrain, postgresVersion, settle } from './server.ts';
import { SHARDS, type Way } from './traffic.ts';

/** Two shards of one server need two prepared transactions a transfer, and the server has 64. */
const CLIENTS = 24;
const SIZE = { customers: 200, accountsPerCustomer: 5, shards: SHARDS };
const SHARD_DATABASES = ['florin_transactions', 'florin_transactions_1'];
const WARM_UP_MS = 2_000;
const DRAIN_WITHIN_MS = 5_000;
/** A connection that has fallen idle tells PostgreSQL's statistics what it did within ten seconds. */
const STATISTICS_LATE_MS = 11_000;

export interface CoordinationOptions {
  readonly serverUrl: string;
  readonly folder: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly command: string;
  say(text: string): void;
}

/** The same transfer within a shard, between shards by a saga, and between shards in two phases, taking turns. */
export async function benchCoordination(options: CoordinationOptions): Promise<CoordinationReport> {
  const { serverUrl, folder, rounds, seconds, say } = options;
  const loadBefore = loadavg()[0] ?? 0;
  await dropBankDatabases(serverUrl);
  say('starting a bank of two shards with 1,000 accounts of 200 customers ...');
  const bank = await startBenchBank(serverUrl, folder, SIZE);
  try {
    const measured = new Map<Way, CountedSample[]>(WAYS.map((way) => [way, []]));
    for (let round = 1; round <= rounds; round += 1) {
      for (const [index, way] of WAYS.entries()) {
        const sample = await measure(options, bank, { way, seed: round * WAYS.length + index });
        measured.get(way)?.push(sample);
        const doubts = sample.refusals.length > 0 ? ` (does not count: ${sample.refusals.join('; ')})` : '';
        say(`round ${round}: ${way}: ${Math.round(sample.rate)}/s${doubts}`);
      }
    }
    return {
      command: options.command,
      date: utcDate(systemClock()),
      machine: describeMachine(await postgresVersion(serverUrl)),
      clients: CLIENTS,
      rounds,
      secondsPerLeg: seconds,
      loadBefore,
      results: summariseWays(measured),
    };
  } finally {
    await bank.stop();
  }
}

async function measure(
  { serverUrl, folder, seconds }: CoordinationOptions,
  bank: BenchBank,
  { way, seed }: { readonly way: Way; readonly seed: number },
): Promise<CountedSample> {
  await settle(serverUrl);
  const before = await readCounters(serverUrl);
  const child = startChild({
    file: new URL('coordination-load.ts', import.meta.url),
    logFile: join(folder, 'coordination-load.log'),
  });
  child.send({
    port: bank.port,
    way,
    callers: await bank.callers(),
    connections: CLIENTS,
    warmUpMs: WARM_UP_MS,
    durationMs: seconds * 1000,
    seed,
    shardUrls: SHARD_DATABASES.map((name) => databaseUrl(serverUrl, name)),
  } satisfies CoordinationJob);
  const sample = await child.receive<WaySample>();
  const drained = await outboxesDrain(serverUrl, DRAIN_WITHIN_MS);
  await sleep(STATISTICS_LATE_MS);
  const after = await readCounters(serverUrl);
  const failures = Object.entries(sample.failures).map(([what, count]) => `${count} x ${what}`);
  return {
    ...sample,
    commits: after.commits - before.commits - sample.looks,
    outboxRows: after.outboxRows - before.outboxRows,
    refusals: [...failures, ...(drained ? [] : ['the outbox was not empty 5 s after the end'])],
  };
}

/** What PostgreSQL has counted in the databases of the shards together. */
async function readCounters(serverUrl: string): Promise<{ readonly commits: number; readonly outboxRows: number }> {
  const outboxRows = await Promise.all(
    SHARD_DATABASES.map((name) =>
      readCount(
        databaseUrl(serverUrl, name),
        `select n_tup_ins as count from pg_stat_user_tables where relname = 'outbox'`,
      ),
    ),
  );
  const named = SHARD_DATABASES.map((name) => `'${name}'`).join();
  const commits = await readCount(
    serverUrl,
    `select sum(xact_commit) as count from pg_stat_database where datname in (${named})`,
  );
  return { commits, outboxRows: outboxRows.reduce((sum, count) => sum + count, 0) };
}

function readCount(url: string, query: string): Promise<number> {
  return withClient(url, async (client) => {
    const answer = await client.query<{ count: string }>(query);
    return Number(answer.rows[0]?.count);
  });
}
