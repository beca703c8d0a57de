import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, sql } from '@florin/postgres';
import { startChild } from './child.ts';
import { type Setting, startLoad } from './coordination-setting.ts';

/** How many sagas were open when a ledger was killed, and how long the last of them took to end. */
export interface ResumeResult {
  /** A second process of the ledger was alive. Seconds are from the kill. */
  readonly takenOver: { readonly open: number; readonly afterKillS: number };
  /** The only one was killed, and started again. Seconds are from when it answered. */
  readonly restarted: { readonly open: number; readonly afterReadyS: number };
}

/** More than elsewhere, so that many are open at any moment. */
const CLIENTS = 64;
const RUN_MS = 3_000;
const LOOK_EVERY_MS = 25;
/** Twice the goal and some more: what takes longer is told as such. */
const ENDED_WITHIN_MS = 60_000;
/** The load is stopped, not awaited. */
const LOAD_MS = 120_000;

/** Kills the bank twice in the middle of sagas: once beside a second ledger, once alone. It is gone afterwards. */
export async function measureResume(setting: Setting): Promise<ResumeResult> {
  const takenOver = await measureTakeOver(setting);
  setting.say(
    `killed beside a second ledger: ${takenOver.open} sagas ended within ${takenOver.afterKillS.toFixed(1)} s`,
  );
  const restarted = await measureRestart(setting);
  setting.say(`killed and restarted: ${restarted.open} sagas ended ${restarted.afterReadyS.toFixed(1)} s after`);
  return { takenOver, restarted };
}

async function measureTakeOver(setting: Setting): Promise<ResumeResult['takenOver']> {
  const { serverUrl, folder, bank, shards } = setting;
  const second = startChild({
    file: new URL('ledger-process.ts', import.meta.url),
    environment: { FLORIN_HOME: join(folder, 'home'), FLORIN_POSTGRES_URL: serverUrl },
    logFile: join(folder, 'second-ledger.log'),
  });
  try {
    await second.receive();
    const { open, killedAtMs } = await killAtWork(setting, 1);
    const endedAtMs = await lastEnds(shards);
    await bank.restart();
    return { open, afterKillS: (endedAtMs - killedAtMs) / 1_000 };
  } finally {
    await second.stop();
  }
}

async function measureRestart(setting: Setting): Promise<ResumeResult['restarted']> {
  const { bank, shards } = setting;
  const { open } = await killAtWork(setting, 2);
  await bank.restart();
  const readyAtMs = performance.now();
  const endedAtMs = await lastEnds(shards);
  return { open, afterReadyS: (endedAtMs - readyAtMs) / 1_000 };
}

async function killAtWork(setting: Setting, seed: number): Promise<{ open: number; killedAtMs: number }> {
  const { bank, shards } = setting;
  const load = await startLoad(setting, { way: 'saga', seed, connections: CLIENTS, durationMs: LOAD_MS });
  await sleep(RUN_MS);
  await bank.kill();
  const killedAtMs = performance.now();
  const open = await countOpen(shards);
  await load.stop();
  return { open, killedAtMs };
}

/** When no saga was open any more; infinite when some are after a bound of time. */
async function lastEnds(shards: readonly Database[]): Promise<number> {
  const untilMs = performance.now() + ENDED_WITHIN_MS;
  for (;;) {
    const open = await countOpen(shards);
    const nowMs = performance.now();
    if (open === 0) return nowMs;
    if (nowMs > untilMs) return Number.POSITIVE_INFINITY;
    await sleep(LOOK_EVERY_MS);
  }
}

async function countOpen(shards: readonly Database[]): Promise<number> {
  const counts = await Promise.all(
    shards.map((db) =>
      db.query<{ open: number }>(
        sql`select count(*)::int4 as open from saga where status in ('running', 'compensating')`,
      ),
    ),
  );
  return counts.reduce((sum, [row]) => sum + (row?.open ?? 0), 0);
}
