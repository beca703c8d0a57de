import type { Database } from '@florin/postgres';
import { KNOWN_DEVICE_DAYS } from '../domain/known-devices.ts';
import { REVOCATION_MEMORY_SECONDS } from '../domain/revocation.ts';
import { SIGN_IN_MEMORY_SECONDS } from '../domain/sign-in-delay.ts';
import { FLOOD_WINDOW_MINUTES } from '../domain/sign-in-flood.ts';
import { purgeConsents } from '../repositories/consents.ts';
import { purgeDevices } from '../repositories/known-devices.ts';
import { purgeTokens } from '../repositories/mailed-tokens.ts';
import { purgeRecords } from '../repositories/oidc-records.ts';
import { purgeMail } from '../repositories/outgoing-mail.ts';
import { purgeChallenges } from '../repositories/passkey-challenges.ts';
import { purgeRevocations } from '../repositories/revocations.ts';
import { purgeFailures } from '../repositories/sign-in-failures.ts';
import { purgeFloods } from '../repositories/sign-in-floods.ts';
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
  const mail = (await purgeMail(database, ROWS_PER_SWEEP)) + (await purgeTokens(database, ROWS_PER_SWEEP));
  const devices = await purgeDevices(database, KNOWN_DEVICE_DAYS, ROWS_PER_SWEEP);
  const floods = await purgeFloods(database, FLOOD_WINDOW_MINUTES, ROWS_PER_SWEEP);
  const consents = await purgeConsents(database, ROWS_PER_SWEEP);
  const keys = await purgeSigningKeys(database);
  const others = mail + devices + floods + consents + keys;
  return records + failures + sessions + revocations + steps + challenges + others;
}
