import { type Executor, sql } from '@florin/postgres';

/** Whose password was right, and which of their passwords it was. */
export interface PassedPassword {
  readonly personId: string;
  readonly credentialVersion: number;
}

/** Remembers whose password was right in an interaction; a later one in the same interaction takes its place. */
export async function rememberStep(
  on: Executor,
  step: { readonly interaction: Buffer; readonly passed: PassedPassword; readonly lifetimeSeconds: number },
): Promise<void> {
  await on.execute(sql`
    INSERT INTO sign_in_step (interaction, person_id, credential_version, expires_at)
    VALUES (${step.interaction}, ${step.passed.personId}, ${step.passed.credentialVersion},
            now() + make_interval(secs => ${step.lifetimeSeconds}))
    ON CONFLICT (interaction) DO UPDATE SET person_id = excluded.person_id,
      credential_version = excluded.credential_version, expires_at = excluded.expires_at`);
}

/** Whose second factor an interaction waits for. */
export async function findStep(on: Executor, interaction: Buffer): Promise<PassedPassword | undefined> {
  const rows = await on.query<PassedPassword>(sql`
    SELECT person_id AS "personId", credential_version AS "credentialVersion"
      FROM sign_in_step WHERE interaction = ${interaction} AND expires_at > now()`);
  return rows[0];
}

export async function forgetStep(on: Executor, interaction: Buffer): Promise<void> {
  await on.execute(sql`DELETE FROM sign_in_step WHERE interaction = ${interaction}`);
}

/** Deletes up to `limit` that are over; answers how many. */
export function purgeSteps(on: Executor, limit: number): Promise<number> {
  return on.execute(sql`
    DELETE FROM sign_in_step WHERE interaction IN (
      SELECT interaction FROM sign_in_step WHERE expires_at <= now() ORDER BY expires_at LIMIT ${limit}
      FOR UPDATE SKIP LOCKED)`);
}
