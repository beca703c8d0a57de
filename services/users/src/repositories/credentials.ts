import { type Executor, isUniqueViolation, sql, type Tx, violatedConstraint } from '@florin/postgres';
import type { Vault } from '../domain/vault.ts';
import { emailContext, ownKeyOf } from './people.ts';

/** The present password of somebody who is not kept out. */
export async function findPasswordHash(on: Executor, personId: string): Promise<string | undefined> {
  const rows = await on.query<{ passwordHash: string }>(sql`
    SELECT password_hash AS "passwordHash" FROM person WHERE id = ${personId} AND status = 'active'`);
  return rows[0]?.passwordHash;
}

/** Sets a password; sign-ins that began with the one before come to nothing, half-way ones at once. */
export async function setPassword(tx: Tx, personId: string, passwordHash: string): Promise<void> {
  await tx.execute(sql`
    UPDATE person SET password_hash = ${passwordHash}, credential_version = credential_version + 1
     WHERE id = ${personId}`);
  await tx.execute(sql`DELETE FROM sign_in_step WHERE person_id = ${personId}`);
}

/**
 * Whether somebody may still be let in whose password was looked at when it had this version; any when undefined. Waits
 * for a change of it that is under way, so that either the change sees the new sign-in or this sees the change.
 */
export async function isCredentialCurrent(tx: Tx, personId: string, version: number | undefined): Promise<boolean> {
  const rows = await tx.query<{ version: number }>(sql`
    SELECT credential_version AS version FROM person WHERE id = ${personId} AND status = 'active' FOR SHARE`);
  return rows[0] !== undefined && (version === undefined || rows[0].version === version);
}

/** Notes that somebody answered a mail to their address. */
export async function confirmEmail(tx: Tx, personId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE person SET email_confirmed_at = coalesce(email_confirmed_at, now()) WHERE id = ${personId}`);
}

/** Makes a confirmed address somebody's. Throws what `isEmailTaken` knows when it is somebody else's by now. */
export async function setEmail(tx: Tx, vault: Vault, personId: string, email: string): Promise<void> {
  const own = await ownKeyOf(tx, vault, personId);
  if (own === undefined) return;
  await tx.execute(sql`
    UPDATE person SET email_sealed = ${own.seal(email, emailContext(personId))},
                      email_index = ${vault.index('email', email)}, email_confirmed_at = now()
     WHERE id = ${personId}`);
}

/** Whether a transaction was lost because an address is somebody else's. */
export function isEmailTaken(error: unknown): boolean {
  return isUniqueViolation(error) && violatedConstraint(error) === 'person_email_taken';
}

/** Whose an address is. */
export async function findByEmail(on: Executor, vault: Vault, email: string): Promise<string | undefined> {
  const rows = await on.query<{ id: string }>(sql`
    SELECT id FROM person WHERE email_index = ${vault.index('email', email)} AND status = 'active'`);
  return rows[0]?.id;
}

/** Keeps somebody out, or lets them in again; undefined for nobody we know, else whether that changed anything. */
export async function setStatus(tx: Tx, personId: string, status: 'active' | 'disabled'): Promise<boolean | undefined> {
  const rows = await tx.query<{ status: string }>(sql`
    SELECT status FROM person WHERE id = ${personId} AND status <> 'erased' FOR UPDATE`);
  if (rows[0] === undefined) return undefined;
  await tx.execute(sql`UPDATE person SET status = ${status} WHERE id = ${personId}`);
  return rows[0].status !== status;
}
