import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSession, sql } from '@florin/postgres';
import { bucketOf, newId, ok } from '@florin/primitives';
import { prepareBranch, rollbackBranch } from '@florin/two-phase-commit';
import { startChild } from './child.ts';
import type { Setting } from './coordination-setting.ts';
import type { LoadJob } from './load.ts';
import { median, type Sample } from './sample.ts';
import { type Caller, shardOf } from './traffic.ts';

/** Everyone else, with one account in doubt and without, and those who wanted that account. */
export interface InDoubtResult {
  readonly doubtSeconds: number;
  /** Of transfers within a shard by everyone else. */
  readonly p99Ms: Compared;
  readonly rate: Compared;
  /** What was answered to those who wanted to pay from the account in doubt: `409 account-busy Retry-After 1`. */
  readonly answers: Readonly<Record<string, number>>;
  /** And once the doubt was over. */
  readonly afterwards: string;
  /** Why it does not count; empty when it does. */
  readonly refusals: readonly string[];
}

export interface Compared {
  readonly calm: number;
  readonly doubt: number;
  /** Of each doubt against the mean of the calm just before and after it, so that a drift of the machine is in both. */
  readonly ratio: number;
}

const DOUBT_MS = 10_000;
const CALM_MS = 5_000;
const WARM_UP_MS = 1_000;
const CLIENTS = 24;
/** Of the account in doubt. */
const WANTING_CLIENTS = 4;
const WANTING_PAUSE_MS = 100;
/** Each lasts ten seconds, and the whole benchmark is to end in time. */
const DOUBTS_MAX = 2;

/** One account is prepared and its decision held back, while everyone else goes on; before, between and after it is calm. */
export async function measureInDoubt(setting: Setting): Promise<InDoubtResult> {
  const { bank, rounds, say } = setting;
  const [wanting, ...others] = await bank.callers();
  const accountId = wanting?.accountIds[0];
  if (wanting === undefined || accountId === undefined) throw new RangeError('nobody has an account');
  const answers: Record<string, number> = {};
  const doubts: Sample[] = [];
  const calms = [await loadBy(setting, others, CALM_MS)];
  for (let round = 1; round <= Math.min(rounds, DOUBTS_MAX); round += 1) {
    const doubt = await beginDoubt(setting, accountId);
    const over = new AbortController();
    const wanted = Array.from({ length: WANTING_CLIENTS }, () => want(setting, wanting, answers, over.signal));
    doubts.push(await loadBy(setting, others, DOUBT_MS));
    over.abort();
    await Promise.all(wanted);
    await doubt.end();
    calms.push(await loadBy(setting, others, CALM_MS));
    const [before, during, after] = [calms.at(-2), doubts.at(-1), calms.at(-1)].map((each) => each?.p99Ms?.toFixed(1));
    say(`in doubt, round ${round}: p99 ${during} ms; ${before} ms before, ${after} ms after`);
  }
  return { ...summariseDoubts(calms, doubts), answers, afterwards: await pay(setting, wanting) };
}

/** Medians; a doubt stands between two calms, so there is one more of those. */
export function summariseDoubts(
  calms: readonly Sample[],
  doubts: readonly Sample[],
): Omit<InDoubtResult, 'answers' | 'afterwards'> {
  const compare = (pick: (sample: Sample) => number): Compared => {
    const [calm, doubt] = [calms.map(pick), doubts.map(pick)];
    const around = (index: number) => ((calm[index] ?? Number.NaN) + (calm[index + 1] ?? Number.NaN)) / 2;
    const ratio = median(doubt.map((each, index) => each / around(index)));
    return { calm: median(calm), doubt: median(doubt), ratio };
  };
  const statuses = [...calms, ...doubts].flatMap((sample) => Object.keys(sample.statuses ?? {}));
  const bad = new Set(statuses.filter((status) => status !== '201'));
  return {
    doubtSeconds: DOUBT_MS / 1_000,
    p99Ms: compare((sample) => sample.p99Ms ?? Number.NaN),
    rate: compare((sample) => sample.rate),
    refusals: [...bad].map((status) => `others were answered ${status}`),
  };
}

function loadBy({ bank, folder }: Setting, callers: readonly Caller[], durationMs: number): Promise<Sample> {
  const child = startChild({ file: new URL('load.ts', import.meta.url), logFile: join(folder, 'load.log') });
  child.send({
    port: bank.port,
    connections: CLIENTS,
    warmUpMs: WARM_UP_MS,
    durationMs,
    seed: durationMs,
    traffic: { kind: 'coordinated', way: 'local', callers },
  } satisfies LoadJob);
  return child.receive<Sample>();
}

/**
 * Prepares a branch that has locked the account, as the vote of a shard leaves it. It is of a participant that no
 * coordinator knows, so nobody but us decides it: the bank's own resolver would after five seconds.
 */
async function beginDoubt({ shardUrls }: Setting, accountId: string): Promise<{ end(): Promise<void> }> {
  const session = openSession({ url: shardUrls[shardOf(accountId)] ?? '', applicationName: 'bench-doubt' });
  const branch = { gid: newId(bucketOf(accountId)), branch: 'bench' };
  const { vote } = await prepareBranch(session, branch, async (tx) =>
    ok(await tx.query(sql`select id from account where id = ${accountId} for no key update`)),
  );
  if (vote !== 'yes') throw new Error(`the account could not be brought in doubt: ${vote}`);
  return {
    async end() {
      await rollbackBranch(session, branch);
      await session.close();
    },
  };
}

/** Wants the account again and again, until told otherwise. */
async function want(
  setting: Setting,
  caller: Caller,
  answers: Record<string, number>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const answer = await pay(setting, caller);
    answers[answer] = (answers[answer] ?? 0) + 1;
    await sleep(WANTING_PAUSE_MS);
  }
}

/** A transfer from the account in doubt, and what came of it in words. */
async function pay({ bank }: Setting, caller: Caller): Promise<string> {
  const [from, to] = caller.accountIds;
  const answer = await fetch(`http://127.0.0.1:${bank.port}/v1/transfers`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${caller.token}`,
      'content-type': 'application/json',
      'idempotency-key': newId(0),
    },
    body: JSON.stringify({ fromAccountId: from, toAccountId: to, amount: { amount: '0.01', currency: 'EUR' } }),
  });
  const { code = '' } = (await answer.json()) as { code?: string };
  const retryAfter = answer.headers.get('retry-after');
  return [answer.status, code, ...(retryAfter === null ? [] : [`Retry-After ${retryAfter}`])].join(' ').trim();
}
