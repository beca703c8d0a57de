import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Fault } from '@florin/primitives';
import { shortHash } from './embedded-place.ts';

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * One owner a data folder, from start to stop. The lock is a name in the abstract socket namespace of Linux (unix(7)):
 * taking it is atomic, and the kernel gives it back when the owner dies, also by kill -9, so no lock is ever stale.
 * The file beside it only says who holds it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const holderFile = join(folder, 'holder');
  const server = createServer((socket) => socket.destroy());
  server.unref();
  server.listen(`\0florin-postgres-${shortHash(folder)}`);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Fault('already-running', `Another process${holder(holderFile)} is using ${folder}: stop it first.`, {
      cause,
    });
  }
  writeFileSync(holderFile, `${process.pid}\n`, { mode: 0o600 });
  return {
    async release() {
      server.close();
      await once(server, 'close');
    },
  };
}

function holder(file: string): string {
  try {
    return ` (${readFileSync(file, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
