import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '@florin/primitives';
import type { Daemon } from './daemon.ts';
import { NEEDED } from './packages.ts';

const BIN = dirname(NEEDED.postgres.program);

/** Runs one of PostgreSQL's programs to its end, as the user who owns its data. Faults with `stack-server` and what it said. */
export function runPostgres(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(join(BIN, program), [...args], {
    cwd: '/',
    encoding: 'utf8',
    env: homeOf('/'),
    ...postgresUser(),
  });
  if (status !== 0) throw new Fault('stack-server', `${program} did not work: ${stderr.trim()}`);
}

/** Its clients look for certificates in a home folder, and that of root is not theirs. */
export function homeOf(folder: string) {
  return { HOME: folder };
}

/** PostgreSQL does not run as root. */
export function postgresUser(): Daemon['user'] {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (kind: string) => Number(spawnSync('id', [kind, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** Gives a file or folder to the user whom PostgreSQL runs as. */
export function giveToPostgres(path: string): void {
  const user = postgresUser();
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}

/** Makes a folder that only PostgreSQL reads. */
export function makePostgresFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  giveToPostgres(path);
}

/** Writes a file for PostgreSQL: settings, or a program that it runs. */
export function writeForPostgres(file: string, text: string, mode = 0o644): void {
  writeFileSync(file, text, { mode });
  giveToPostgres(file);
}
