import { existsSync, readFileSync } from 'node:fs';
import { placeOf } from './embedded-place.ts';
import { urlOf } from './embedded-postgres.ts';
import { livePostmaster } from './embedded-postmaster.ts';

/** The superuser's address of the embedded server that runs on a folder now; undefined when none does. Starts nothing. */
export function runningEmbeddedPostgres(dataFolder: string): string | undefined {
  if (!existsSync(dataFolder)) return undefined;
  const place = placeOf(dataFolder);
  const server = livePostmaster(place.data);
  if (!server?.ready || !existsSync(place.passwordFile)) return undefined;
  return urlOf(server.port, readFileSync(place.passwordFile, 'utf8').trim());
}
