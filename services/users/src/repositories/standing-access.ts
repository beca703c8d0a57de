import { type Executor, sql } from '@florin/postgres';

/** Whatever opens a door later on, without a password being asked for again. */
const TABLES = [
  sql`web_session`,
  sql`oidc_record`,
  sql`oauth_consent`,
  sql`mailed_token`,
  sql`sign_in_step`,
  sql`passkey_challenge`,
  sql`signing_key`,
];

/** Deletes all of it, of everybody. */
export async function deleteStandingAccess(on: Executor): Promise<void> {
  for (const table of TABLES) await on.execute(sql`DELETE FROM ${table}`);
}
