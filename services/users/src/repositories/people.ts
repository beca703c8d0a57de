import { type Executor, isUniqueViolation, sql, type Tx, violatedConstraint } from '@florin/postgres';
import { nameWords } from '../domain/name-words.ts';
import type { Person } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';

export interface NewPerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}

export interface PersonRow {
  readonly id: string;
  readonly emailSealed: Buffer;
  readonly nameSealed: Buffer;
  readonly loginSealed: Buffer | null;
  readonly registeredAt: Date;
  readonly roles: string[];
}

/** Names and addresses are sealed to their own row; this file is the only one that opens them. */
const emailContext = (id: string): string => `person.email|${id}`;
const nameContext = (id: string): string => `person.name|${id}`;
const loginContext = (id: string): string => `person.login|${id}`;

/** The keyed hashes a name is found by, one a word. */
export function nameIndex(vault: Vault, words: readonly string[]): readonly Buffer[] {
  return words.map((word) => vault.index('name-word', word));
}

/** What `toPerson` reads, of a `person p`. */
export const PERSON_COLUMNS = sql`
  p.id, p.email_sealed AS "emailSealed", p.name_sealed AS "nameSealed", p.login_sealed AS "loginSealed",
  p.registered_at AS "registeredAt",
  array(SELECT r.role FROM person_role r WHERE r.person_id = p.id ORDER BY r.role) AS roles`;

export function toPerson(vault: Vault, row: PersonRow): Person {
  return {
    id: row.id,
    email: vault.open(row.emailSealed, emailContext(row.id)),
    name: vault.open(row.nameSealed, nameContext(row.id)),
    login: row.loginSealed === null ? undefined : vault.open(row.loginSealed, loginContext(row.id)),
    roles: row.roles,
    registeredAtMs: row.registeredAt.getTime(),
  };
}

/** Stores a person; false when the e-mail address is someone's already. */
export async function insertPerson(on: Executor, vault: Vault, person: NewPerson): Promise<boolean> {
  const inserted = await on.execute(sql`
    INSERT INTO person (id, email_sealed, email_index, name_sealed, name_words, password_hash)
    VALUES (${person.id}, ${vault.seal(person.email, emailContext(person.id))}, ${vault.index('email', person.email)},
            ${vault.seal(person.name, nameContext(person.id))}, ${nameIndex(vault, nameWords(person.name))}::bytea[],
            ${person.passwordHash})
    ON CONFLICT ON CONSTRAINT person_email_taken DO NOTHING`);
  return inserted === 1;
}

/** An active person. */
export async function findPerson(on: Executor, vault: Vault, id: string): Promise<Person | undefined> {
  const rows = await on.query<PersonRow>(sql`
    SELECT ${PERSON_COLUMNS} FROM person p WHERE p.id = ${id} AND p.status = 'active'`);
  return rows[0] && toPerson(vault, rows[0]);
}

/** What a sign-in is checked against. `login` is canonical: an e-mail address or a short name. */
export async function findCredential(
  on: Executor,
  vault: Vault,
  login: string,
): Promise<{ readonly personId: string; readonly passwordHash: string } | undefined> {
  const rows = await on.query<{ personId: string; passwordHash: string }>(sql`
    SELECT id AS "personId", password_hash AS "passwordHash" FROM person
     WHERE status = 'active'
       AND (email_index = ${vault.index('email', login)} OR login_index = ${vault.index('login', login)})`);
  return rows[0];
}

/** Changes a name, and what it is found by. */
export async function renamePerson(on: Executor, vault: Vault, id: string, name: string): Promise<void> {
  await on.execute(sql`
    UPDATE person SET name_sealed = ${vault.seal(name, nameContext(id))},
                      name_words = ${nameIndex(vault, nameWords(name))}::bytea[]
     WHERE id = ${id}`);
}

/**
 * Indexes up to `limit` names that are not indexed yet; answers how many. Instances share the work: a row another one
 * is at is left to it, and a rename waits its turn and has the last word.
 */
export async function indexNames(tx: Tx, vault: Vault, limit: number): Promise<number> {
  const rows = await tx.query<{ id: string; nameSealed: Buffer }>(sql`
    SELECT id, name_sealed AS "nameSealed" FROM person WHERE name_words IS NULL
     ORDER BY id LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED`);
  // All are opened before the first is written: one that does not open must not leave statements of others behind.
  const indexed = rows.map(({ id, nameSealed }) => {
    return { id, words: nameIndex(vault, nameWords(vault.open(nameSealed, nameContext(id)))) };
  });
  await Promise.all(
    indexed.map(({ id, words }) => tx.execute(sql`UPDATE person SET name_words = ${words}::bytea[] WHERE id = ${id}`)),
  );
  return rows.length;
}

/** Gives someone a short name to sign in with. */
export async function setLogin(
  on: Executor,
  vault: Vault,
  id: string,
  login: string,
): Promise<'set' | 'unknown' | 'taken'> {
  try {
    const updated = await on.execute(sql`
      UPDATE person SET login_sealed = ${vault.seal(login, loginContext(id))},
                        login_index = ${vault.index('login', login)}
       WHERE id = ${id}`);
    return updated === 1 ? 'set' : 'unknown';
  } catch (error) {
    if (isUniqueViolation(error) && violatedConstraint(error) === 'person_login_taken') return 'taken';
    throw error;
  }
}

/** The roles of someone, whose row stays locked until the end of the transaction; undefined when there is no such person. */
export async function lockRoles(tx: Executor, id: string): Promise<readonly string[] | undefined> {
  const people = await tx.query(sql`SELECT 1 FROM person WHERE id = ${id} FOR UPDATE`);
  if (people.length === 0) return undefined;
  const rows = await tx.query<{ role: string }>(sql`
    SELECT role FROM person_role WHERE person_id = ${id} ORDER BY role`);
  return rows.map((row) => row.role);
}

/** The roles of someone now; undefined when there is no such person. */
export async function findRoles(on: Executor, id: string): Promise<readonly string[] | undefined> {
  const [found] = await on.query<{ roles: string[] }>(sql`
    SELECT array(SELECT r.role FROM person_role r WHERE r.person_id = p.id ORDER BY r.role) AS roles
      FROM person p WHERE p.id = ${id}`);
  return found?.roles;
}

/** Makes the roles of someone these. */
export async function writeRoles(tx: Executor, id: string, roles: readonly string[], grantedBy: string): Promise<void> {
  await tx.execute(sql`DELETE FROM person_role WHERE person_id = ${id} AND role <> ALL(${roles}::text[])`);
  await tx.execute(sql`
    INSERT INTO person_role (person_id, role, granted_by)
    SELECT ${id}::uuid, role, ${grantedBy}::text FROM unnest(${roles}::text[]) AS role
    ON CONFLICT DO NOTHING`);
}
