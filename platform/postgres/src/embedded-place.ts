import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Account, canReach, PASS, serverAccount } from './embedded-account.ts';
import { type Binaries, installedBinaries } from './embedded-binaries.ts';

/** Where everything of one embedded server is. */
export interface Place {
  /** The folder the caller named: password, log and, when the server can reach it, the data. */
  readonly folder: string;
  /** The server's own data folder (PGDATA). */
  readonly data: string;
  /** Used for binaries and data when the server's account cannot reach the checkout. */
  readonly elsewhere: string;
  readonly passwordFile: string;
  readonly logFile: string;
  readonly account: Account | undefined;
  readonly installed: Binaries;
}

/** Where a system keeps the variable data of its services (Filesystem Hierarchy Standard 3.0, section 5.8). */
const VARIABLE_DATA = '/var/lib';

/** Finds the place of a data folder and makes the folder itself. */
export function preparePlace(dataFolder: string): Place {
  makeFolder(resolve(dataFolder));
  return placeOf(dataFolder);
}

/** The place of a data folder that exists. */
export function placeOf(dataFolder: string): Place {
  const folder = realpathSync(dataFolder);
  const installed = installedBinaries();
  const elsewhere = elsewhereOf(installed);
  const candidates = [join(folder, 'data'), join(elsewhere, `data-${shortHash(folder)}`)] as const;
  // Data that exists is never left for a new folder, whatever became of the permissions around it.
  const existing = candidates.find((data) => existsSync(join(data, 'PG_VERSION')));
  const account = serverAccount(existing);
  return {
    folder,
    data: existing ?? candidates[canReach(account, folder, PASS) ? 0 : 1],
    elsewhere,
    passwordFile: join(folder, 'password'),
    logFile: join(folder, 'postgres.log'),
    account,
    installed,
  };
}

/** A number for a path, short enough for a folder's name. */
export function shortHash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}

/** One folder a checkout: two clones never share data. The checkout is what holds the node_modules we run from. */
function elsewhereOf(installed: Binaries): string {
  const modules = installed.folder.lastIndexOf(`${sep}node_modules${sep}`);
  const checkout = modules < 0 ? dirname(installed.folder) : installed.folder.slice(0, modules);
  return join(VARIABLE_DATA, `florin-${shortHash(checkout)}`);
}

/** 711: others may pass through to what is theirs (the server to its data), and see nothing. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const first = mkdirSync(path, { recursive: true, mode: 0o711 }) ?? path;
  // The umask may have taken the right to pass through away again.
  let current = first;
  chmodSync(current, 0o711);
  for (const part of relative(first, path).split(sep).filter(Boolean)) {
    current = join(current, part);
    chmodSync(current, 0o711);
  }
}
