import { join } from 'node:path';
import type { Database } from '@florin/postgres';
import type { BenchBank } from './bank.ts';
import { type Child, startChild } from './child.ts';
import type { CoordinationJob } from './coordination-load.ts';

const WARM_UP_MS = 2_000;

export interface CoordinationOptions {
  readonly serverUrl: string;
  readonly folder: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly command: string;
  say(text: string): void;
}

/** What the parts of the benchmark work on. */
export interface Setting extends CoordinationOptions {
  readonly bank: BenchBank;
  readonly shards: readonly Database[];
  readonly shardUrls: readonly string[];
}

/** Starts clients in a process of their own, which answers with a `WaySample` when their time is over. */
export async function startLoad(
  { folder, bank, shardUrls }: Setting,
  wanted: Pick<CoordinationJob, 'way' | 'seed' | 'connections' | 'durationMs'>,
): Promise<Child> {
  const child = startChild({
    file: new URL('coordination-load.ts', import.meta.url),
    logFile: join(folder, 'coordination-load.log'),
  });
  const callers = await bank.callers();
  child.send({ ...wanted, port: bank.port, callers, warmUpMs: WARM_UP_MS, shardUrls } satisfies CoordinationJob);
  return child;
}
