import { type Executor, sql } from '@florin/postgres';

/** Remembers what is to be signed; what was asked of the same caller before is void. */
export async function rememberChallenge(
  on: Executor,
  asked: { readonly boundTo: Buffer; readonly challenge: Buffer; readonly lifetimeSeconds: number },
): Promise<void> {
  await on.execute(sql`
    INSERT INTO passkey_challenge (bound_to, challenge, expires_at)
    VALUES (${asked.boundTo}, ${asked.challenge}, now() + make_interval(secs => ${asked.lifetimeSeconds}))
    ON CONFLICT (bound_to) DO UPDATE SET challenge = excluded.challenge, expires_at = excluded.expires_at`);
}

/** Takes what was to be signed, for the one answer there may be to it. */
export async function takeChallenge(on: Executor, boundTo: Buffer): Promise<Buffer | undefined> {
  const rows = await on.query<{ challenge: Buffer; isOver: boolean }>(sql`
    DELETE FROM passkey_challenge WHERE bound_to = ${boundTo} RETURNING challenge, expires_at <= now() AS "isOver"`);
  return rows[0]?.isOver === false ? rows[0].challenge : undefined;
}

/** Deletes up to `limit` that are over; answers how many. */
export function purgeChallenges(on: Executor, limit: number): Promise<number> {
  return on.execute(sql`
    DELETE FROM passkey_challenge WHERE bound_to IN (
      SELECT bound_to FROM passkey_challenge WHERE expires_at <= now() ORDER BY expires_at LIMIT ${limit}
      FOR UPDATE SKIP LOCKED)`);
}
