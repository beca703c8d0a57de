import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listBackups, setBackupsAside } from './backup.ts';
import { archiveOf, archiveSettings, fetchWalCommand, openArchive } from './wal-archive.ts';

const SEGMENT = '000000010000000000000007';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'florin wal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command as PostgreSQL would, with its own words for the path and the name; answers whether it succeeded. */
function run(command: string, path: string): boolean {
  const line = command.replace('%p', path).replace('%f', SEGMENT);
  return spawnSync('sh', ['-c', line], { encoding: 'utf8' }).status === 0;
}

function keep(bytes: string): boolean {
  const path = join(folder, 'segment');
  writeFileSync(path, bytes);
  const { archive_command: command = '' } = archiveSettings(folder);
  return run(command.slice(1, -1), path);
}

describe('a segment of the log', () => {
  it('is not kept before there is a backup', () => {
    expect(keep('log')).toBe(true);
    expect(existsSync(archiveOf(folder))).toBe(false);
  });

  it('is kept once, whichever server brings it, and never written over', () => {
    openArchive(folder);
    expect([keep('log'), keep('log'), keep('other')]).toEqual([true, true, false]);
    expect(readFileSync(join(archiveOf(folder), SEGMENT), 'utf8')).toBe('log');
    expect(readdirSync(archiveOf(folder))).toEqual([SEGMENT]);
  });

  it('is fetched from the archive, else from a server that ended, else it is nowhere', () => {
    openArchive(folder);
    const server = join(folder, 'postgres');
    mkdirSync(join(server, 'pg_wal'), { recursive: true });
    const fetched = join(folder, 'fetched');
    const fetch = () => run(fetchWalCommand(folder, [server]), fetched);
    expect(fetch()).toBe(false);
    writeFileSync(join(server, 'pg_wal', SEGMENT), 'not archived');
    expect([fetch(), readFileSync(fetched, 'utf8')]).toEqual([true, 'not archived']);
    keep('archived');
    expect([fetch(), readFileSync(fetched, 'utf8')]).toEqual([true, 'archived']);
  });
});

it('backups are listed from the newest on, without a draft and without those of a past that was undone', () => {
  const times = ['2026-11-25T01:00:00.000Z', '2026-11-27T01:00:00.000Z', '2026-11-26T01:00:00.000Z'];
  for (const name of [...times, 'draft']) mkdirSync(join(folder, 'backups', name), { recursive: true });
  const listed = () => listBackups(folder).map(({ madeAtMs }) => new Date(madeAtMs).toISOString());
  expect(listed()).toEqual([times[1], times[2], times[0]]);
  setBackupsAside(folder, Date.parse('2026-11-26T12:00:00Z'));
  expect(listed()).toEqual([times[2], times[0]]);
});
