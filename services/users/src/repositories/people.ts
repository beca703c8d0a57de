import { customerKeyOf, type SealedColumn } from '@florin/data-keys';
import { type Executor, isUniqueViolation, sql, type Tx, violatedConstraint } from '@florin/postgres';
import { nameWords } from '../domain/name-words.ts';
import type { Person } from '../domain/person.ts';
import type { Seal, Vault } from '../domain/vault.ts';

export interface NewPerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly emailConfirmed: boolean;
}

export interface PersonRow {
  readonly id: string;
  readonly keySealed: Buffer | null;
  readonly emailSealed: Buffer;
  readonly emailConfirmed: boolean;
  readonly nameSealed: Buffer;
  readonly loginSealed: Buffer | null;
  readonly registeredAt: Date;
  readonly roles: string[];
}

/** Names and addresses are sealed to their own row, with the own key of its person; this file alone opens them. */
export const emailContext = (id: string): string => `person.email|${id}`;
const nameContext = (id: string): string => `person.name|${id}`;
const loginContext = (id: string): string => `person.login|${id}`;

/** The keyed hashes a name is found by, one a word. */
export function nameIndex(vault: Vault, words: readonly string[]): readonly Buffer[] {
  return words.map((word) => vault.index('name-word', word));
}

/** The own key of a `person p`. */
const OWN_KEY = sql`(SELECT k.key_sealed FROM customer_key k WHERE k.customer_id = p.id::text)`;

/** What `toPerson` reads, of a `person p`. */
export const PERSON_COLUMNS = sql`
  p.id, ${OWN_KEY} AS "keySealed", p.email_sealed AS "emailSealed", p.name_sealed AS "nameSealed", p.login_sealed AS "loginSealed",
  p.email_confirmed_at IS NOT NULL AS "emailConfirmed", p.registered_at AS "registeredAt",
  array(SELECT r.role FROM person_role r WHERE r.person_id = p.id ORDER BY r.role) AS roles`;

export function toPerson(vault: Vault, row: PersonRow): Person {
  const own = ownSeal(vault, row.id, row.keySealed);
  return {
    id: row.id,
    email: own.open(row.emailSealed, emailContext(row.id)),
    name: own.open(row.nameSealed, nameContext(row.id)),
    login: row.loginSealed === null ? undefined : own.open(row.loginSealed, loginContext(row.id)),
    emailConfirmed: row.emailConfirmed,
    roles: row.roles,
    registeredAtMs: row.registeredAt.getTime(),
  };
}

/** Without an own key a person is from before there were any, and everything of theirs is the service's. */
function ownSeal(vault: Vault, id: string, keySealed: Buffer | null): Seal {
  return keySealed === null ? vault : vault.customerKey(id, keySealed);
}

/** A person's own key, made if they are from before there were any; undefined for nobody, and for who was erased. */
export async function ownKeyOf(on: Executor, vault: Vault, id: string): Promise<Seal | undefined> {
  const rows = await on.query<{ keySealed: Buffer | null }>(sql`
    SELECT ${OWN_KEY} AS "keySealed" FROM person p WHERE p.id = ${id}`);
  const [row] = rows;
  if (row === undefined) return undefined;
  return row.keySealed === null ? customerKeyOf(on, vault, id) : vault.customerKey(id, row.keySealed);
}

/** Stores a person; false when the e-mail address is someone's already. */
export async function insertPerson(on: Executor, vault: Vault, person: NewPerson): Promise<boolean> {
  const { id } = person;
  const keySealed = vault.newCustomerKey(id);
  const own = vault.customerKey(id, keySealed);
  const inserted = await on.execute(sql`
    WITH made AS (
      INSERT INTO person (id, email_sealed, email_index, email_confirmed_at, name_sealed, name_words, password_hash)
      VALUES (${id}, ${own.seal(person.email, emailContext(id))}, ${vault.index('email', person.email)},
              CASE WHEN ${person.emailConfirmed} THEN now() END,
              ${own.seal(person.name, nameContext(id))}, ${nameIndex(vault, nameWords(person.name))}::bytea[],
              ${person.passwordHash})
      ON CONFLICT ON CONSTRAINT person_email_taken DO NOTHING
      RETURNING id)
    INSERT INTO customer_key (customer_id, key_sealed) SELECT id::text, ${keySealed}::bytea FROM made`);
  return inserted === 1;
}

/** An active person; with `kept out as well`, one who may not sign in too. Who was erased is nobody. */
export async function findPerson(
  on: Executor,
  vault: Vault,
  id: string,
  which: 'active' | 'kept out as well' = 'active',
): Promise<Person | undefined> {
  const rows = await on.query<PersonRow>(sql`
    SELECT ${PERSON_COLUMNS} FROM person p WHERE p.id = ${id} AND (p.status = 'active' OR ${which !== 'active'} AND p.status = 'disabled')`);
  return rows[0] && toPerson(vault, rows[0]);
}

export interface Credential {
  readonly personId: string;
  readonly passwordHash: string;
  /** Of the password. */
  readonly version: number;
}

/**
 * What a sign-in is checked against. `login` is canonical: an e-mail address or a short name. Somebody whom another keeper of
 * identities vouches for has no password here.
 */
export async function findCredential(on: Executor, vault: Vault, login: string): Promise<Credential | undefined> {
  const rows = await on.query<Credential>(sql`
    SELECT id AS "personId", password_hash AS "passwordHash", credential_version AS "version" FROM person
     WHERE status = 'active'
       AND (email_index = ${vault.index('email', login)} OR login_index = ${vault.index('login', login)})
       AND NOT EXISTS (SELECT FROM identity WHERE identity.person_id = person.id)`);
  return rows[0];
}

/** Changes a name, and what it is found by. */
export async function renamePerson(on: Executor, vault: Vault, id: string, name: string): Promise<void> {
  const own = await ownKeyOf(on, vault, id);
  if (own === undefined) return;
  await on.execute(sql`
    UPDATE person SET name_sealed = ${own.seal(name, nameContext(id))},
                      name_words = ${nameIndex(vault, nameWords(name))}::bytea[]
     WHERE id = ${id}`);
}

/**
 * Indexes up to `limit` names that are not indexed yet; answers how many. Instances share the work: a row another one
 * is at is left to it, and a rename waits its turn and has the last word.
 */
export async function indexNames(tx: Tx, vault: Vault, limit: number): Promise<number> {
  const rows = await tx.query<Pick<PersonRow, 'id' | 'nameSealed' | 'keySealed'>>(sql`
    SELECT p.id, p.name_sealed AS "nameSealed", ${OWN_KEY} AS "keySealed" FROM person p WHERE p.name_words IS NULL
     ORDER BY p.id LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED`);
  // All are opened before the first is written: one that does not open must not leave statements of others behind.
  const indexed = rows.map(({ id, nameSealed, keySealed }) => {
    const name = ownSeal(vault, id, keySealed).open(nameSealed, nameContext(id));
    return { id, words: nameIndex(vault, nameWords(name)) };
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
  const own = await ownKeyOf(on, vault, id);
  if (own === undefined) return 'unknown';
  try {
    const updated = await on.execute(sql`
      UPDATE person SET login_sealed = ${own.seal(login, loginContext(id))},
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
  const people = await tx.query(sql`SELECT 1 FROM person WHERE id = ${id} AND status <> 'erased' FOR UPDATE`);
  if (people.length === 0) return undefined;
  const rows = await tx.query<{ role: string }>(sql`
    SELECT role FROM person_role WHERE person_id = ${id} ORDER BY role`);
  return rows.map((row) => row.role);
}

/** The roles of someone now; undefined when there is no such person. */
export async function findRoles(on: Executor, id: string): Promise<readonly string[] | undefined> {
  const [found] = await on.query<{ roles: string[] }>(sql`
    SELECT array(SELECT r.role FROM person_role r WHERE r.person_id = p.id ORDER BY r.role) AS roles
      FROM person p WHERE p.id = ${id} AND p.status <> 'erased'`);
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

/** What this file seals, for when a key changed. */
export const PERSON_SEALED: readonly SealedColumn[] = [
  sealedColumn('email_sealed', emailContext),
  sealedColumn('name_sealed', nameContext),
  sealedColumn('login_sealed', loginContext),
];

function sealedColumn(column: string, context: (id: string) => string): SealedColumn {
  return { table: 'person', column, key: ['id'], customer: 'id', context: (row) => context(String(row['id'])) };
}
