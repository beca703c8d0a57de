import type { SealedColumn } from '@florin/data-keys';
import { type Executor, sql } from '@florin/postgres';
import type { Vault } from '../domain/vault.ts';
import { ownKeyOf } from './people.ts';

/** What was begun and never confirmed is worth nothing after this. */
const ENROLMENT_SECONDS = 10 * 60;

const secretContext = (personId: string): string => `totp_factor.secret|${personId}`;

/**
 * Stores a secret that a first code is still to confirm, in place of one that was begun before; false when one is in
 * force already.
 */
export async function beginTotp(
  on: Executor,
  vault: Vault,
  enrolment: { readonly personId: string; readonly enrolmentId: string; readonly secret: string },
): Promise<boolean> {
  const { personId, enrolmentId, secret } = enrolment;
  const own = await ownKeyOf(on, vault, personId);
  if (own === undefined) return false;
  const written = await on.execute(sql`
    INSERT INTO totp_factor AS f (person_id, secret_sealed, enrolment_id)
    VALUES (${personId}, ${own.seal(secret, secretContext(personId))}, ${enrolmentId})
    ON CONFLICT (person_id) DO UPDATE
      SET secret_sealed = excluded.secret_sealed, enrolment_id = excluded.enrolment_id, created_at = now()
      WHERE f.confirmed_at IS NULL`);
  return written === 1;
}

export interface TotpSecret {
  readonly enrolmentId: string;
  readonly secret: string;
}

/** The secret in force, or one that waits to be confirmed. */
export async function findTotpSecret(
  on: Executor,
  vault: Vault,
  personId: string,
  state: 'confirmed' | 'begun',
): Promise<TotpSecret | undefined> {
  const rows = await on.query<{ enrolmentId: string; secretSealed: Buffer }>(sql`
    SELECT enrolment_id AS "enrolmentId", secret_sealed AS "secretSealed" FROM totp_factor
     WHERE person_id = ${personId} AND (confirmed_at IS NOT NULL) = ${state === 'confirmed'}
       AND (confirmed_at IS NOT NULL OR created_at > now() - make_interval(secs => ${ENROLMENT_SECONDS}))`);
  const row = rows[0];
  const own = row && (await ownKeyOf(on, vault, personId));
  return own && { enrolmentId: row.enrolmentId, secret: own.open(row.secretSealed, secretContext(personId)) };
}

/** Puts a secret in force; false when it was replaced or confirmed meanwhile. The step of the code is spent. */
export async function confirmTotp(on: Executor, personId: string, enrolmentId: string, step: number): Promise<boolean> {
  const confirmed = await on.execute(sql`
    UPDATE totp_factor SET confirmed_at = now(), last_step = ${step}
     WHERE person_id = ${personId} AND enrolment_id = ${enrolmentId} AND confirmed_at IS NULL`);
  return confirmed === 1;
}

/** Spends a step. Of any number of callers at once, on any number of instances, one gets true (RFC 6238 section 5.2). */
export async function spendStep(on: Executor, personId: string, enrolmentId: string, step: number): Promise<boolean> {
  const spent = await on.execute(sql`
    UPDATE totp_factor SET last_step = ${step}
     WHERE person_id = ${personId} AND enrolment_id = ${enrolmentId} AND confirmed_at IS NOT NULL
       AND last_step < ${step}`);
  return spent === 1;
}

/** False when there was none in force. */
export async function deleteTotp(on: Executor, personId: string): Promise<boolean> {
  const deleted = await on.execute(sql`
    DELETE FROM totp_factor WHERE person_id = ${personId} AND confirmed_at IS NOT NULL`);
  return deleted === 1;
}

/** What this file seals, for when a key changed. */
export const TOTP_SEALED: SealedColumn = {
  table: 'totp_factor',
  column: 'secret_sealed',
  key: ['person_id'],
  customer: 'person_id',
  context: (row) => secretContext(String(row['person_id'])),
};
