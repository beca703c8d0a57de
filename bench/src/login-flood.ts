import { join } from 'node:path';
import { startBenchBank } from './bank.ts';
import { startChild } from './child.ts';
import type { LoadJob } from './load.ts';
import { median, type Sample } from './sample.ts';
import { dropBankDatabases } from './server.ts';
import type { Traffic } from './traffic.ts';

/** A bank with something to do, well below what it can: who waits in a queue of their own making shows nothing. */
const PAYERS = 4;
/** Twice as many as may wait for a hash. */
const GUESSERS = 200;
const WARM_UP_MS = 2_000;
const SIZE = { customers: 100, accountsPerCustomer: 2 };
const LOAD = new URL('load.ts', import.meta.url);

export interface FloodReport {
  /** p99 of transfers in milliseconds, the median of the rounds. */
  readonly quietP99Ms: number;
  readonly floodedP99Ms: number;
  /** How the guesses of all rounds were answered. */
  readonly guesses: Readonly<Record<string, number>>;
}

type Timed = Pick<Required<Sample>, 'p99Ms' | 'statuses'>;

/**
 * Holds how long transfers take by themselves against how long they take while many more sign in than can be hashed. The
 * two take turns. Names and passwords differ each time, so neither waits of a name nor those of a flood come first.
 */
export async function benchLoginFlood(options: {
  readonly serverUrl: string;
  readonly folder: string;
  readonly rounds: number;
  readonly seconds: number;
  say(text: string): void;
}): Promise<FloodReport> {
  await dropBankDatabases(options.serverUrl);
  const bank = await startBenchBank(options.serverUrl, options.folder, SIZE);
  const timing = { warmUpMs: WARM_UP_MS, durationMs: options.seconds * 1_000 };
  const run = async (name: string, seed: number, connections: number, traffic: Traffic): Promise<Timed> => {
    const child = startChild({ file: LOAD, logFile: join(options.folder, `${name}.log`) });
    child.send({ port: bank.port, connections, seed, traffic, ...timing } satisfies LoadJob);
    const { p99Ms = Number.NaN, statuses = {} } = await child.receive<Sample>();
    return { p99Ms, statuses };
  };
  try {
    const [quiet, flooded]: [number[], number[]] = [[], []];
    const guesses: Record<string, number> = {};
    for (let round = 1; round <= options.rounds; round += 1) {
      const pay = async (seed: number) =>
        run('payers', seed, PAYERS, { kind: 'transfer', callers: await bank.callers() });
      quiet.push((await pay(round)).p99Ms);
      const sign = await beginSignIn(bank.port);
      const [paid, guessed] = await Promise.all([
        pay(round + options.rounds),
        run('guessers', round, GUESSERS, { kind: 'guess', ...sign }),
      ]);
      flooded.push(paid.p99Ms);
      for (const [status, count] of Object.entries(guessed.statuses)) guesses[status] = (guesses[status] ?? 0) + count;
      options.say(`round ${round}: p99 ${quiet.at(-1)?.toFixed(1)} ms quiet, ${paid.p99Ms.toFixed(1)} ms in the flood`);
    }
    return { quietP99Ms: median(quiet), floodedP99Ms: median(flooded), guesses };
  } finally {
    await bank.stop();
  }
}

/** Begins a sign-in, in which any number of passwords may be tried for ten minutes. */
async function beginSignIn(port: number): Promise<{ readonly path: string; readonly cookie: string }> {
  const origin = `http://localhost:${port}`;
  const begun = await fetch(`${origin}/session/login`, { redirect: 'manual' });
  const asked = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
  const cookie = asked.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  const { pathname } = new URL(asked.headers.get('location') ?? '', origin);
  return { path: pathname, cookie: cookie.join('; ') };
}

/** The report as a table for the terminal. */
export function loginFloodTable({ quietP99Ms, floodedP99Ms, guesses }: FloodReport): string {
  const answers = Object.entries(guesses).map(([status, count]) => `${count} x ${status}`);
  return [
    '| transfers | p99 |',
    '|---|---|',
    `| by themselves | ${quietP99Ms.toFixed(1)} ms |`,
    `| in a flood of sign-ins | ${floodedP99Ms.toFixed(1)} ms, ${(floodedP99Ms / quietP99Ms).toFixed(2)} times as long |`,
    '',
    `The flood was answered ${answers.join(', ')}.`,
  ].join('\n');
}
