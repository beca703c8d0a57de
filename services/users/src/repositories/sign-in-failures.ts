import { type Executor, sql } from '@florin/postgres';

export type AttemptOutcome =
  | { readonly code: 'allowed'; readonly failures: number }
  | { readonly code: 'delayed'; readonly seconds: number };

/**
 * Books an attempt as failed before the password is looked at, so that any number of parallel guesses count one by
 * one; a success deletes the row afterwards. `failures` is how many there are
 * in a row with this one. It is held against the time at which its turn comes: of two at the same moment the one that began first
 * may come second, and is not to find the other one's time in its own future. `delays[n]` is the wait after the n-th failure in a row, in seconds.
 */
export async function bookAttempt(
  on: Executor,
  loginIndex: Buffer,
  delays: readonly number[],
  memorySeconds: number,
): Promise<AttemptOutcome> {
  const waits = delays.map(String);
  const booked = await on.query<{ failures: number }>(sql`
    INSERT INTO sign_in_failure AS f (login_index, failures, blocked_until, last_at)
    VALUES (${loginIndex}, 1, now() + make_interval(secs => (${waits}::float8[])[1]), now())
    ON CONFLICT (login_index) DO UPDATE
      SET failures = CASE WHEN f.last_at < now() - make_interval(secs => ${memorySeconds}) THEN 1 ELSE f.failures + 1 END,
          blocked_until = now() + make_interval(secs => (${waits}::float8[])[
            CASE WHEN f.last_at < now() - make_interval(secs => ${memorySeconds}) THEN 1
                 ELSE least(f.failures + 1, cardinality(${waits}::float8[])) END]),
          last_at = now()
      WHERE f.blocked_until <= clock_timestamp()
    RETURNING failures`);
  if (booked[0] !== undefined) return { code: 'allowed', failures: booked[0].failures };
  const rows = await on.query<{ seconds: number }>(sql`
    SELECT ceil(extract(epoch FROM blocked_until - now()))::float8 AS seconds
      FROM sign_in_failure WHERE login_index = ${loginIndex}`);
  return { code: 'delayed', seconds: Math.max(1, rows[0]?.seconds ?? 1) };
}

export async function forgetFailures(on: Executor, loginIndex: Buffer): Promise<void> {
  await on.execute(sql`DELETE FROM sign_in_failure WHERE login_index = ${loginIndex}`);
}

/** Deletes up to `limit` failures nobody remembers any more; answers how many. */
export function purgeFailures(on: Executor, memorySeconds: number, limit: number): Promise<number> {
  return on.execute(sql`
    DELETE FROM sign_in_failure WHERE login_index IN (
      SELECT login_index FROM sign_in_failure WHERE last_at < now() - make_interval(secs => ${memorySeconds})
       ORDER BY last_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`);
}
