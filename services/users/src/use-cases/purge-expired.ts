import type { Database } from '@florin/postgres';
import { REVOCATION_MEMORY_SECONDS } from '../domain/revocation.ts';
import { SIGN_IN_MEMORY_SECONDS } from '../domain/sign-in-delay.ts';
import { purgeConsents } from '../repositories/consents.ts';
import { purgeRecords } from '../repositories/oidc-records.ts';
import { purgeChallenges } from '../repositories/passkey-challenges.ts';
import { purgeRevocations } from '../repositories/revocations.ts';
import { purgeFailures } from '../repositories/sign-in-failures.ts';
import { purgeSteps } from '../repositories/sign-in-steps.ts';
import { purgeSigningKeys } from '../repositories/signing-keys.ts';
import { purgeWebSessions } from '../repositories/web-sessions.ts';

/** Small deletes never hold up a sign-in, and what one sweep leaves the next one takes. */
const ROWS_PER_SWEEP = 1_000;

/** Deletes what has expired, a bounded number of rows of each kind; answers how many. Any instance may, at any time. */
export async function purgeExpired(database: Database, idleSeconds: number): Promise<number> {
  const records = await purgeRecords(database, ROWS_PER_SWEEP);
  const failures = await purgeFailures(database, SIGN_IN_MEMORY_SECONDS, ROWS_PER_SWEEP);
  const sessions = await purgeWebSessions(database, idleSeconds, ROWS_PER_SWEEP);
  const revocations = await purgeRevocations(database, REVOCATION_MEMORY_SECONDS, ROWS_PER_SWEEP);
  const steps = await purgeSteps(database, ROWS_PER_SWEEP);
  const challenges = await purgeChallenges(database, ROWS_PER_SWEEP);
  const consents = await purgeConsents(database, ROWS_PER_SWEEP);
  const keys = await purgeSigningKeys(database);
  return records + failures + sessions + revocations + steps + challenges + consents + keys;
}
