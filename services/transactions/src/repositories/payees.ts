import { type Executor, sql, type Tx } from '@florin/postgres';
import type { NameCheck } from '../domain/name-match.ts';
import type { Payee } from '../domain/payee.ts';

interface Row {
  id: string;
  owner: string;
  name: string;
  iban: string;
  name_check: NameCheck;
  created_at: Date;
  last_paid_at: Date | null;
  trusted_at: Date | null;
}

const COLUMNS = sql`id, owner, name, iban, name_check, created_at, last_paid_at, trusted_at`;

/** A customer's payees, who was paid last first, then by name. */
export async function findPayees(db: Executor, owner: string, rowsMax: number): Promise<Payee[]> {
  const rows = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM payee WHERE owner = ${owner}
    ORDER BY last_paid_at DESC NULLS LAST, lower(name), id LIMIT ${rowsMax}`);
  return rows.map(toPayee);
}

export async function hasPayee(db: Executor, id: string, owner: string): Promise<boolean> {
  return (await db.query(sql`SELECT FROM payee WHERE id = ${id} AND owner = ${owner}`)).length === 1;
}

/** Somebody a customer keeps, as far as paying them goes; undefined when they keep nobody of this IBAN. */
export async function findPayeeByIban(
  db: Executor,
  owner: string,
  iban: string,
): Promise<{ readonly name: string; readonly isTrusted: boolean } | undefined> {
  const rows = await db.query<{ name: string; isTrusted: boolean }>(sql`
    SELECT name, trusted_at IS NOT NULL AS "isTrusted" FROM payee WHERE owner = ${owner} AND iban = ${iban}`);
  return rows[0];
}

/** How many payees a customer keeps, with a lock that makes others who count wait: the limit is exact. */
export async function countPayeesLocked(tx: Tx, owner: string): Promise<number> {
  await tx.query(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`payees of ${owner}`}, 0))`);
  const [row] = await tx.query<{ count: bigint }>(sql`SELECT count(*) FROM payee WHERE owner = ${owner}`);
  return Number(row?.count ?? 0n);
}

/** Adds a payee; false when the customer keeps one with this IBAN. */
export async function insertPayee(tx: Tx, payee: Payee): Promise<boolean> {
  const inserted = await tx.execute(sql`
    INSERT INTO payee (${COLUMNS})
    VALUES (${payee.id}, ${payee.owner}, ${payee.name}, ${payee.iban}, ${payee.nameCheck},
      ${new Date(payee.createdAtMs).toISOString()}, NULL, NULL)
    ON CONFLICT ON CONSTRAINT payee_once DO NOTHING`);
  return inserted === 1;
}

/** Gives a customer's payee another name; undefined when there is none. */
export async function renamePayee(
  db: Executor,
  payee: { readonly id: string; readonly owner: string; readonly name: string },
): Promise<Payee | undefined> {
  const rows = await db.query<Row>(sql`
    UPDATE payee SET name = ${payee.name} WHERE id = ${payee.id} AND owner = ${payee.owner} RETURNING ${COLUMNS}`);
  return rows.map(toPayee)[0];
}

/** Trusts a customer's payee from now on, or no more; undefined when there is none. */
export async function setTrust(
  db: Executor,
  payee: { readonly id: string; readonly owner: string; readonly isTrusted: boolean },
): Promise<Payee | undefined> {
  const rows = await db.query<Row>(sql`
    UPDATE payee SET trusted_at = CASE WHEN ${payee.isTrusted} THEN COALESCE(trusted_at, now()) END
    WHERE id = ${payee.id} AND owner = ${payee.owner} RETURNING ${COLUMNS}`);
  return rows.map(toPayee)[0];
}

/** Forgets a customer's payee; false when there is none. */
export async function deletePayee(db: Executor, id: string, owner: string): Promise<boolean> {
  return (await db.execute(sql`DELETE FROM payee WHERE id = ${id} AND owner = ${owner}`)) === 1;
}

/** Somebody paid an IBAN, whether they keep it as a payee or not. */
export interface PaidNote {
  readonly owner: string;
  readonly iban: string;
  readonly atMs: number;
}

/** Writes down when payees were paid last; what is no payee of the payer changes nothing. */
export function markPaid(db: Executor, notes: readonly PaidNote[]): Promise<number> {
  return db.execute(sql`
    UPDATE payee SET last_paid_at = GREATEST(payee.last_paid_at, noted.at)
    FROM unnest(${notes.map((note) => note.owner)}::text[], ${notes.map((note) => note.iban)}::text[],
      ${notes.map((note) => new Date(note.atMs).toISOString())}::timestamptz[]) AS noted (owner, iban, at)
    WHERE payee.owner = noted.owner AND payee.iban = noted.iban`);
}

function toPayee(row: Row): Payee {
  return {
    id: row.id,
    owner: row.owner,
    name: row.name,
    iban: row.iban,
    nameCheck: row.name_check,
    createdAtMs: row.created_at.getTime(),
    lastPaidAtMs: row.last_paid_at?.getTime() ?? null,
    isTrusted: row.trusted_at !== null,
  };
}
