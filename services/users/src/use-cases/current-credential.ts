import type { Database } from '@florin/postgres';
import { isCredentialCurrent as isCurrent } from '../repositories/credentials.ts';

/** Whether somebody may still be let in whose password was looked at when it had this version; any when undefined. */
export function isCredentialCurrent(
  database: Database,
  personId: string,
  version: number | undefined,
): Promise<boolean> {
  return database.transaction((tx) => isCurrent(tx, personId, version));
}
