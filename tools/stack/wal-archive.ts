import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makePostgresFolder, writeForPostgres } from './postgres-programs.ts';

/** Where finished segments of the write-ahead log are kept from the first backup on. */
export function archiveOf(folder: string): string {
  return join(folder, 'archive');
}

/** From now on segments are kept. Before, there is no backup that could need one. */
export function openArchive(folder: string): void {
  if (!existsSync(archiveOf(folder))) makePostgresFolder(archiveOf(folder));
}

/**
 * The settings that keep the log, for a server. Both archive, the standby too (`always`): a primary that dies has not archived
 * all that it sent. Whoever comes second finds the same bytes there, which is well; other bytes are never written over.
 */
export function archiveSettings(folder: string): Record<string, string> {
  const program = join(folder, 'keep-wal.sh');
  writeForPostgres(program, keepWal(archiveOf(folder)), 0o755);
  return { archive_mode: 'always', archive_command: `'"${program}" "%p" "%f"'` };
}

/** A link is made whole and once, whoever else makes it at the same moment. On disk before PostgreSQL may forget its own. */
function keepWal(archive: string): string {
  return `#!/bin/sh
# Keeps one segment of the write-ahead log: keep-wal.sh PATH NAME
archive='${archive}'
[ -d "$archive" ] || exit 0
kept="$archive/$2"
draft="$archive/.$2.$$"
trap 'rm -f "$draft"' EXIT
[ -e "$kept" ] && exec cmp -s "$1" "$kept"
cp "$1" "$draft" && sync "$draft" || exit 1
ln "$draft" "$kept" 2>/dev/null || cmp -s "$1" "$kept" || exit 1
sync "$archive"
`;
}

/**
 * How a recovery gets segments: from the archive, else from what servers had not archived yet when they ended. Answers the
 * setting; \`restore_command\` is not to fail for a name that is nowhere, but to say so.
 */
export function fetchWalCommand(folder: string, dataFolders: readonly string[]): string {
  const program = join(folder, 'fetch-wal.sh');
  const places = [archiveOf(folder), ...dataFolders.map((data) => join(data, 'pg_wal'))];
  const text = `#!/bin/sh
# Brings one segment of the write-ahead log: fetch-wal.sh NAME PATH
for place in ${places.map((place) => `'${place}'`).join(' ')}; do
  [ -e "$place/$1" ] && exec cp "$place/$1" "$2"
done
exit 1
`;
  writeForPostgres(program, text, 0o755);
  return `"${program}" "%f" "%p"`;
}
