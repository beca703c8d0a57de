import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '@florin/primitives';
import type { Account } from './embedded-account.ts';
import { otherVersion, outputFault, serverFailed } from './embedded-fault.ts';
import type { Place } from './embedded-place.ts';

/** The superuser of the embedded server. */
export const SUPERUSER = 'postgres';

const VERSION = '18';
/** Takes a second; a disk under load may need many. */
const INITDB_TIMEOUT_MS = 120_000;
const run = promisify(execFile);

/** Nothing of the caller's environment (PGDATA, PGPORT, LD_PRELOAD ...) reaches the server. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** The data folder, made on first use, and the superuser's password. */
export async function prepareCluster(place: Place, native: string, fast: boolean): Promise<string> {
  if (existsSync(join(place.data, 'PG_VERSION'))) return checkCluster(place);
  if (existsSync(place.data) && readdirSync(place.data).length > 0) {
    throw new Fault('data-version', `The folder ${place.data} holds something else than data of PostgreSQL.`);
  }
  const password = randomBytes(24).toString('base64url');
  await createCluster(place, native, password, fast);
  return password;
}

/** The processes of the server may open and write what is theirs, and nobody else's. */
function giveTo(account: Account | undefined, path: string): void {
  if (account !== undefined) chownSync(path, account.uid, account.gid);
}

function checkCluster(place: Place): string {
  const version = readFileSync(join(place.data, 'PG_VERSION'), 'utf8').trim();
  if (version !== VERSION) throw otherVersion(place.data, version);
  if (!existsSync(place.passwordFile)) {
    const message = `The password file ${place.passwordFile} of the data in ${place.data} is missing: put it back or start with --reset.`;
    throw new Fault('password-missing', message);
  }
  return readFileSync(place.passwordFile, 'utf8').trim();
}

/** Made beside its final place and renamed, so a start that is killed here leaves no half of a cluster. */
async function createCluster(place: Place, native: string, password: string, fast: boolean): Promise<void> {
  const parent = dirname(place.data);
  const prefix = `${basename(place.data)}.new-`;
  for (const left of readdirSync(parent).filter((name) => name.startsWith(prefix))) {
    rmSync(join(parent, left), { recursive: true, force: true });
  }
  const unfinished = join(parent, `${prefix}${process.pid}`);
  const passwordForInitdb = `${unfinished}.password`;
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    giveTo(place.account, unfinished);
    writeFileSync(passwordForInitdb, password, { mode: 0o600 });
    giveTo(place.account, passwordForInitdb);
    await initdb(place, native, ['-D', unfinished, `--pwfile=${passwordForInitdb}`, ...(fast ? ['--no-sync'] : [])]);
    writeFileSync(place.passwordFile, password, { mode: 0o600 });
    rmSync(place.data, { recursive: true, force: true });
    renameSync(unfinished, place.data);
  } finally {
    rmSync(passwordForInitdb, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

async function initdb(place: Place, native: string, where: readonly string[]): Promise<void> {
  // The built-in C.UTF-8 sorts by code point and is the same on every system, whatever locales it has.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${SUPERUSER}`, '--auth-host=scram-sha-256', '--auth-local=scram-sha-256'];
  const options = [...where, ...locale, ...access, '--data-checksums', '--no-instructions'];
  const account = place.account === undefined ? {} : { uid: place.account.uid, gid: place.account.gid };
  try {
    await run(join(native, 'bin', 'initdb'), options, {
      ...account,
      cwd: '/',
      env: SERVER_ENVIRONMENT,
      timeout: INITDB_TIMEOUT_MS,
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    if (said === '') throw error;
    throw outputFault(said, place.folder) ?? serverFailed(said, place.logFile);
  }
}
