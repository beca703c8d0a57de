import type { Database } from '@florin/postgres';
import { deleteStandingAccess } from '../repositories/standing-access.ts';

/**
 * Signs everybody out, takes back what programs were allowed, and makes links in mails useless: for a database that was taken
 * back in time, where what people ended since would go on. The keys that tokens are signed with go too, so that no token that is
 * still out there is good for anything; the service makes new ones when it starts. No instance of it may run.
 */
export async function signEverybodyOut(database: Database): Promise<void> {
  await database.transaction((tx) => deleteStandingAccess(tx));
}
