import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@florin/primitives';
import { writePrivately } from '../secrets.ts';

/** A restore that has begun to change what is there. */
export interface UnfinishedRestore {
  /** The moment, as RFC 3339. */
  readonly to: string;
  /** The topics of before are out of the way. */
  readonly areTopicsAside: boolean;
}

/** Where a restore keeps what it needs and what it undid; for its owner only. */
export function restoreFolder(home: string): string {
  return join(home, 'restore');
}

export function unfinishedRestore(home: string): UnfinishedRestore | undefined {
  const file = fileOf(home);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

export function noteUnfinished(home: string, restore: UnfinishedRestore): void {
  mkdirSync(restoreFolder(home), { recursive: true, mode: 0o700 });
  writePrivately(fileOf(home), restore);
}

export function noteFinished(home: string): void {
  rmSync(fileOf(home), { force: true });
}

/** Faults with `stack-restore` when the bank is half in the past: databases and topics would not fit each other. */
export function refuseUnfinished(home: string): void {
  const restore = unfinishedRestore(home);
  if (restore === undefined) return;
  throw new Fault('stack-restore', `a restore was interrupted; finish it: npm run stack -- restore --to ${restore.to}`);
}

function fileOf(home: string): string {
  return join(restoreFolder(home), 'unfinished.json');
}
