import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@florin/postgres';
import { systemClock, utcDate } from '@florin/primitives';
import { startBenchBank } from './bank.ts';
import type { WaySample } from './coordination-load.ts';
import { type CoordinationReport, type CountedSample, summariseWays, WAYS } from './coordination-report.ts';
import { type CoordinationOptions, type Setting, startLoad } from './coordination-setting.ts';
import { between, type Counters, messagesIn, readCommits, readOnTheWayMs } from './counters.ts';
import { measureInDoubt } from './in-doubt.ts';
import { describeMachine } from './report.ts';
import { measureResume } from './resume.ts';
import { percentile } from './sample.ts';
import { databaseUrl, dropBankDatabases, outboxesDrain, postgresVersion, settle } from './server.ts';
import { SHARDS, type Way } from './traffic.ts';

/** Two shards of one server need two prepared transactions a transfer, and the server has 64. */
const CLIENTS = 24;
const SIZE = { customers: 200, accountsPerCustomer: 5, shards: SHARDS, choreographed: true };
/** The databases of the ledger's shards, in their order. */
const SHARD_DATABASES = ['florin_transactions', 'florin_transactions_1'];
const DRAIN_WITHIN_MS = 5_000;
/** A connection that has fallen idle tells PostgreSQL's statistics what it did within ten seconds. */
const STATISTICS_LATE_MS = 11_000;
const IDLE_MS = 10_000;

/**
 * The same transfer within a shard, and between shards choreographed, by a saga and in two phases, taking turns; then what
 * everybody else feels of an account in doubt; then how long what a killed ledger was at takes to end.
 */
export async function benchCoordination(options: CoordinationOptions): Promise<CoordinationReport> {
  const { serverUrl, folder, rounds, seconds, say } = options;
  const loadBefore = loadavg()[0] ?? 0;
  await dropBankDatabases(serverUrl);
  say('starting a bank of two shards with 1,000 accounts of 200 customers ...');
  const bank = await startBenchBank(serverUrl, folder, SIZE);
  const shardUrls = SHARD_DATABASES.map((name) => databaseUrl(serverUrl, name));
  const shards = shardUrls.map((url) => openDatabase({ url, applicationName: 'bench', poolSize: 1 }));
  const setting: Setting = { ...options, bank, shards, shardUrls };
  try {
    const measured = await measureWays(setting);
    const inDoubt = await measureInDoubt(setting);
    const resume = await measureResume(setting);
    return {
      command: options.command,
      date: utcDate(systemClock()),
      machine: describeMachine(await postgresVersion(serverUrl)),
      clients: CLIENTS,
      rounds,
      secondsPerLeg: seconds,
      loadBefore,
      results: summariseWays(measured),
      inDoubt,
      resume,
    };
  } finally {
    await bank.stop();
    await Promise.all(shards.map((db) => db.close()));
  }
}

async function measureWays(setting: Setting): Promise<Map<Way, CountedSample[]>> {
  const { rounds, say } = setting;
  const idleCommitsPerSecond = await measureIdle(setting);
  say(`the idle ledger commits ${Math.round(idleCommitsPerSecond)} transactions a second`);
  const measured = new Map<Way, CountedSample[]>(WAYS.map((way) => [way, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, way] of WAYS.entries()) {
      const sample = await measure(setting, { way, seed: round * WAYS.length + index, idleCommitsPerSecond });
      measured.get(way)?.push(sample);
      const doubts = sample.refusals.length > 0 ? ` (does not count: ${sample.refusals.join('; ')})` : '';
      say(`round ${round}: ${way}: ${Math.round(sample.rate)}/s${doubts}`);
    }
  }
  return measured;
}

/** What the shards commit while nobody asks for anything, a second: relays and runners that look for work. */
async function measureIdle(setting: Setting): Promise<number> {
  await sleep(STATISTICS_LATE_MS);
  const before = await readCounters(setting);
  await sleep(IDLE_MS);
  const after = await readCounters(setting);
  return between(before, after, 0).commits / (IDLE_MS / 1_000);
}

interface Leg {
  readonly way: Way;
  readonly seed: number;
  readonly idleCommitsPerSecond: number;
}

async function measure(setting: Setting, { way, seed, idleCommitsPerSecond }: Leg): Promise<CountedSample> {
  const { serverUrl, seconds, shards } = setting;
  await settle(serverUrl);
  const before = await readCounters(setting);
  const sinceMs = systemClock();
  const load = await startLoad(setting, { way, seed, connections: CLIENTS, durationMs: seconds * 1_000 });
  const sample = await load.receive<WaySample>();
  const drained = await outboxesDrain(serverUrl, DRAIN_WITHIN_MS);
  await sleep(STATISTICS_LATE_MS);
  const { commits, messages } = between(before, await readCounters(setting), idleCommitsPerSecond);
  const onTheWay = way === 'saga' || way === 'choreographed' ? await readOnTheWayMs(shards, sinceMs, way) : [];
  const failures = Object.entries(sample.failures).map(([what, count]) => `${count} x ${what}`);
  return {
    ...sample,
    commits: commits - sample.looks,
    messages,
    onTheWayMs: percentile(
      onTheWay.sort((a, b) => a - b),
      0.5,
    ),
    refusals: [...failures, ...(drained ? [] : ['the outbox was not empty 5 s after the end'])],
  };
}

async function readCounters({ bank, shards: [db] }: Setting): Promise<Counters> {
  const commits = db === undefined ? 0 : await readCommits(db, SHARD_DATABASES);
  return { atMs: performance.now(), commits, messages: messagesIn(await bank.metrics()) };
}
