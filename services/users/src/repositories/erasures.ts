import { joinSql, sql, type Tx } from '@florin/postgres';
import type { Vault } from '../domain/vault.ts';

/** What else is kept of a person, by the table that has their id in `person_id`. */
const TABLES = [
  sql`person_role`,
  sql`totp_factor`,
  sql`recovery_code`,
  sql`passkey`,
  sql`sign_in_step`,
  sql`mailed_token`,
  sql`outgoing_mail`,
  sql`known_device`,
  sql`identity`,
  sql`oauth_consent`,
  sql`web_session`,
];

/** Deletes everything that is a person's, but for the row of the person and for living sign-ins. */
export async function deleteBelongings(tx: Tx, personId: string): Promise<void> {
  for (const table of TABLES)
    await tx.execute(joinSql([sql`DELETE FROM `, table, sql` WHERE person_id = ${personId}`], ''));
  // There is an index of grants only; this is done too seldom to need another.
  await tx.execute(sql`DELETE FROM oidc_record WHERE account_id = ${personId}`);
}

/** Deletes what is found by the address and the short name of a person: failed sign-ins, and mail that was asked for. */
export async function deleteTraces(tx: Tx, vault: Vault, personId: string, email: string): Promise<void> {
  await tx.execute(sql`
    DELETE FROM sign_in_failure f USING person p
     WHERE p.id = ${personId} AND f.login_index IN (p.email_index, p.login_index)`);
  await tx.execute(sql`DELETE FROM outgoing_mail WHERE once_index = ${vault.index('reset-request', email)}`);
}

/** Empties the row of a person for good. Their address and short name are free from then on. */
export async function emptyPerson(tx: Tx, personId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE person SET status = 'erased', email_sealed = NULL, email_index = NULL, email_confirmed_at = NULL,
           name_sealed = NULL, name_words = '{}', login_sealed = NULL, login_index = NULL, password_hash = NULL,
           credential_version = credential_version + 1
     WHERE id = ${personId}`);
}
