import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serverAccount } from './embedded-account.ts';
import { installedBinaries, reachableBinaries, restoreLibraryLinks } from './embedded-binaries.ts';

let outer: string;
let native: string;

/** A copy of the installed package as `npm ci --ignore-scripts` leaves it: without the links. */
beforeAll(() => {
  outer = mkdtempSync(join(tmpdir(), 'florin-binaries-'));
  chmodSync(outer, 0o711);
  mkdirSync(join(outer, 'home'));
  native = join(outer, 'home', 'native');
  cpSync(installedBinaries().folder, native, { recursive: true, verbatimSymlinks: true });
  dropLinks();
});
afterAll(() => rmSync(outer, { recursive: true, force: true }));

function dropLinks(): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  for (const { target } of links) rmSync(join(dirname(native), target), { force: true });
}

function versionOf(folder: string, account = serverAccount()): string {
  const options = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  return execFileSync(join(folder, 'bin', 'postgres'), ['--version'], {
    ...options,
    cwd: '/',
    stdio: 'pipe',
  }).toString();
}

test('the links between libraries are made again when no install script ran', async () => {
  expect(() => versionOf(native)).toThrow(/libicu/);
  await Promise.all([restoreLibraryLinks(native), restoreLibraryLinks(native)]);
  expect(versionOf(native)).toContain('PostgreSQL) 18');
  expect(lstatSync(join(native, 'lib', 'libpq.so.5')).isSymbolicLink()).toBe(true);
});

test('under a home folder of mode 700 the server of root runs from a copy, made once', async (context) => {
  const account = serverAccount();
  if (account === undefined) context.skip('needs root: an ordinary user runs the server as itself');
  dropLinks();
  chmodSync(join(outer, 'home'), 0o700);
  expect(() => versionOf(native)).toThrow('EACCES');
  const elsewhere = join(outer, 'var');
  mkdirSync(elsewhere, { mode: 0o711 });
  const copies = await Promise.all(
    [1, 2].map(() => reachableBinaries({ folder: native, version: 'x' }, account, elsewhere)),
  );
  expect(new Set(copies)).toEqual(new Set([join(elsewhere, 'postgresql-x', 'native')]));
  expect(versionOf(copies[0] ?? '')).toContain('PostgreSQL) 18');
});
