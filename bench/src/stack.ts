import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock, utcDate } from '@florin/primitives';
import { type BenchBank, startBenchBank } from './bank.ts';
import { startChild } from './child.ts';
import type { Target } from './connection.ts';
import { lagP99 } from './event-lag.ts';
import type { LoadJob } from './load.ts';
import { describeMachine } from './report.ts';
import { median, type Sample } from './sample.ts';
import { dropBankDatabases, outboxesDrain, postgresVersion, settle } from './server.ts';
import { STACK_SIZE, type StackBank, startStackBank } from './stack-bank.ts';
import { type Rate, type StackReport, WARMED_BY_S } from './stack-report.ts';
import type { Caller } from './traffic.ts';

export interface StackOptions {
  /** The server of the embedded bank. */
  readonly serverUrl: string;
  readonly folder: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly command: string;
  say(text: string): void;
}

/** As `gateway-single` has them. */
const CLIENTS = [32, 128];
const WARM_UP_MS = 3_000;
const DRAIN_WITHIN_MS = 5_000;
/** Prometheus looks each five seconds. */
const SEEN_MS = 6_000;
const BAD_DAY_CLIENTS = 32;
const FAIL_OVER_MS = 30_000;
const BEFORE_MS = 5_000;
/** In which four processes are started anew, one after the other. */
const ROLLING_MS = 60_000;
const ROLLED = ['gateway', 'gateway2', 'transactions', 'transactions2'] as const;
const LOAD = new URL('load.ts', import.meta.url);

/**
 * Transfers through NGINX, two gateways and two ledgers, with Kafka, Redis and a standby, held against the bank in one
 * process; the two take turns on the same cores. Then the same, with commits that wait for the standby, while each process
 * is started anew and while the primary dies.
 */
export async function benchStack(options: StackOptions): Promise<StackReport> {
  const { folder, say } = options;
  say('starting a bank in one process, and one on real servers, with 1,000 accounts of 100 customers each ...');
  await dropBankDatabases(options.serverUrl);
  const embedded = await startBenchBank(options.serverUrl, folder, STACK_SIZE);
  try {
    const stack = await startStackBank(folder);
    try {
      const rates = await measureRates(options, embedded, stack);
      await embedded.stop();
      await stack.waitForStandby();
      return {
        command: options.command,
        date: utcDate(systemClock()),
        machine: describeMachine(await postgresVersion(stack.serverUrl())),
        rounds: options.rounds,
        secondsPerLeg: options.seconds,
        rates,
        rolling: await measureRolling(options, stack),
        failOver: await measureFailOver(options, stack),
      };
    } finally {
      await stack.stop();
    }
  } finally {
    await embedded.stop();
  }
}

async function measureRates(options: StackOptions, embedded: BenchBank, stack: StackBank): Promise<Rate[]> {
  const durationMs = options.seconds * 1_000;
  const warming = { clients: Math.max(...CLIENTS), durationMs: WARMED_BY_S * 1_000 };
  await load(options, { port: embedded.port }, await embedded.callers(), warming);
  await load(options, stack.target, await stack.callers(), warming);
  const measured = new Map(CLIENTS.map((clients) => [clients, { embedded: [], stack: [], lagS: [] } as Samples]));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const [clients, samples] of measured) {
      await settle(options.serverUrl);
      samples.embedded.push(
        await load(options, { port: embedded.port }, await embedded.callers(), { clients, durationMs }),
      );
      await settle(stack.serverUrl());
      const callers = await stack.callers();
      await sleep(SEEN_MS);
      const before = await stack.eventLag();
      const sample = await load(options, stack.target, callers, { clients, durationMs });
      const isDrained = await outboxesDrain(stack.serverUrl(), DRAIN_WITHIN_MS);
      await sleep(SEEN_MS);
      samples.stack.push(isDrained ? sample : { ...sample, refusals: ['the outbox was not empty 5 s after the end'] });
      samples.lagS.push(lagP99(before, await stack.eventLag()));
      const [alone, real] = [samples.embedded.at(-1), samples.stack.at(-1)];
      options.say(
        `round ${round}: ${clients} clients: ${alone?.rate.toFixed(0)}/s in one process, ${real?.rate.toFixed(0)}/s on real servers, lag p99 up to ${samples.lagS.at(-1)} s ${JSON.stringify(real?.statuses)}`,
      );
    }
  }
  return [...measured].map(([clients, samples]) => ({
    clients,
    embedded: median(samples.embedded.map(({ rate }) => rate)),
    stack: median(samples.stack.map(({ rate }) => rate)),
    p50Ms: median(samples.stack.flatMap(({ p50Ms }) => p50Ms ?? [])),
    p95Ms: median(samples.stack.flatMap(({ p95Ms }) => p95Ms ?? [])),
    p99Ms: median(samples.stack.flatMap(({ p99Ms }) => p99Ms ?? [])),
    lagP99S: Math.max(...samples.lagS),
    remarks: [...new Set([...samples.embedded, ...samples.stack].flatMap(doubtsOf))],
  }));
}

interface Samples {
  readonly embedded: Sample[];
  readonly stack: Sample[];
  readonly lagS: number[];
}

function doubtsOf({ refusals, statuses = {} }: Sample): string[] {
  const bad = Object.entries(statuses).filter(([status]) => !status.startsWith('2'));
  return [...refusals, ...bad.map(([status, count]) => `${count} x ${status}`)];
}

/** Each process is started anew under load, one after the other. */
async function measureRolling(options: StackOptions, bank: StackBank): Promise<StackReport['rolling']> {
  const sending = load(options, bank.target, await bank.callers(), {
    clients: BAD_DAY_CLIENTS,
    durationMs: ROLLING_MS,
  });
  await sleep(BEFORE_MS);
  for (const name of ROLLED) await bank.stack.restart(name);
  return countsOf(await sending);
}

/** The primary is killed under load and the standby is let to lead. */
async function measureFailOver(options: StackOptions, bank: StackBank): Promise<StackReport['failOver']> {
  const job = { clients: BAD_DAY_CLIENTS, durationMs: FAIL_OVER_MS };
  const sending = load(options, bank.target, await bank.callers(), job);
  await sleep(WARM_UP_MS + BEFORE_MS);
  bank.kill(bank.stack.leader());
  await bank.stack.failOver();
  const sample = await sending;
  return { ...countsOf(sample), longestPauseMs: sample.longestPauseMs ?? Number.NaN };
}

function countsOf({ statuses = {} }: Sample): StackReport['rolling'] {
  const counts = Object.entries(statuses);
  const sum = (some: typeof counts) => some.reduce((total, [, count]) => total + count, 0);
  return {
    requests: sum(counts),
    failed: sum(counts.filter(([status]) => !status.startsWith('2'))),
    statuses: Object.fromEntries(counts),
  };
}

let seed = 0;

function load(
  { folder }: StackOptions,
  target: Target,
  callers: readonly Caller[],
  { clients, durationMs }: { readonly clients: number; readonly durationMs: number },
): Promise<Sample> {
  const child = startChild({ file: LOAD, logFile: join(folder, 'load.log') });
  seed += 1;
  child.send({
    ...target,
    connections: clients,
    warmUpMs: WARM_UP_MS,
    durationMs,
    seed,
    traffic: { kind: 'transfer', callers },
  } satisfies LoadJob);
  return child.receive<Sample>();
}
