import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { startFault } from './embedded-fault.ts';
import { lockFolder } from './embedded-lock.ts';
import { placeOf } from './embedded-place.ts';
import { livePostmaster, stopPostmaster } from './embedded-postmaster.ts';

/**
 * Removes everything of the server of a data folder, also what lies in the system's variable data; stops a server
 * that was left running. The folder itself goes too. Fault `already-running` while another process uses it.
 */
export async function removeEmbeddedPostgres(dataFolder: string): Promise<void> {
  if (!existsSync(dataFolder)) return;
  try {
    const place = placeOf(dataFolder);
    const lock = await lockFolder(place.folder);
    try {
      const server = livePostmaster(place.data);
      if (server !== undefined) await stopPostmaster(server.pid, place.data);
      rmSync(place.data, { recursive: true, force: true });
      rmSync(place.folder, { recursive: true, force: true });
      if (dirname(place.data) === place.elsewhere) removeIfUnused(place.elsewhere);
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw startFault(error, dataFolder);
  }
}

/** The copy of the binaries stays as long as another data folder of this checkout needs it. */
function removeIfUnused(elsewhere: string): void {
  if (readdirSync(elsewhere).some((name) => name.startsWith('data-'))) return;
  rmSync(elsewhere, { recursive: true, force: true });
}
