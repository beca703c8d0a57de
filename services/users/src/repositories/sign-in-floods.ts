import { type Executor, sql, type Tx } from '@florin/postgres';
import type { Flood, FloodCounts } from '../domain/sign-in-flood.ts';

/** What happened within the window. Counting stops at the limits, beyond which it makes no difference. */
export async function countFlood(
  on: Executor,
  tried: { readonly passwordHash: Buffer },
  windowMinutes: number,
  namesMax: number,
): Promise<FloodCounts> {
  const rows = await on.query<FloodCounts>(sql`
    SELECT (SELECT count(*)::int FROM (
              SELECT FROM wrong_password
               WHERE password_hash = ${tried.passwordHash}
                 AND tried_at > now() - make_interval(mins => ${windowMinutes})
               LIMIT ${namesMax}) AS names) AS "namesOfThisPassword",
           (SELECT coalesce(sum(failures), 0)::int FROM failed_sign_in_minute
             WHERE minute > now() - make_interval(mins => ${windowMinutes})) AS failures`);
  return rows[0] ?? { namesOfThisPassword: 0, failures: 0 };
}

/** Counts a wrong password: for the minute, and as tried on this name. */
export async function noteWrongPassword(
  tx: Tx,
  tried: { readonly passwordHash: Buffer; readonly loginIndex: Buffer },
): Promise<void> {
  await tx.execute(sql`
    INSERT INTO wrong_password (password_hash, login_index) VALUES (${tried.passwordHash}, ${tried.loginIndex})
    ON CONFLICT (password_hash, login_index) DO UPDATE SET tried_at = now()`);
  await tx.execute(sql`
    INSERT INTO failed_sign_in_minute AS m (minute, failures) VALUES (date_trunc('minute', now()), 1)
    ON CONFLICT (minute) DO UPDATE SET failures = m.failures + 1`);
}

/** Notes that a flood is told of; false when it was told of within the window already. */
export async function tellOfFlood(tx: Tx, kind: Flood, subject: Buffer, windowMinutes: number): Promise<boolean> {
  const told = await tx.execute(sql`
    INSERT INTO sign_in_flood AS f (kind, subject, told_until)
    VALUES (${kind}, ${subject}, now() + make_interval(mins => ${windowMinutes}))
    ON CONFLICT (kind, subject) DO UPDATE SET told_until = excluded.told_until WHERE f.told_until <= now()`);
  return told === 1;
}

/** Deletes up to `limit` of each kind that are out of the window; answers how many. */
export async function purgeFloods(on: Executor, windowMinutes: number, limit: number): Promise<number> {
  const passwords = await on.execute(sql`
    DELETE FROM wrong_password WHERE (password_hash, login_index) IN (
      SELECT password_hash, login_index FROM wrong_password
       WHERE tried_at <= now() - make_interval(mins => ${windowMinutes})
       ORDER BY tried_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`);
  const minutes = await on.execute(sql`
    DELETE FROM failed_sign_in_minute WHERE minute <= now() - make_interval(mins => ${windowMinutes + 1})`);
  const floods = await on.execute(sql`
    DELETE FROM sign_in_flood WHERE (kind, subject) IN (
      SELECT kind, subject FROM sign_in_flood WHERE told_until <= now() ORDER BY told_until LIMIT ${limit}
      FOR UPDATE SKIP LOCKED)`);
  return passwords + minutes + floods;
}
