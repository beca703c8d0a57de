import { type Executor, sql } from '@florin/postgres';
import type { ApprovalChange, Confirmation } from '../domain/approval.ts';
import type { Challenge } from '../domain/challenge.ts';
import type { ExemptedRow } from '../domain/ledger-view.ts';

/**
 * Whoever asks without ever confirming has so many challenges in a shard, and the oldest falls away with the next one: what
 * somebody can make us keep is bounded.
 */
const OPEN_PER_PERSON_MAX = 20;

/** Who pays from which account, whose count is wanted. */
export interface PayerKey {
  readonly accountId: string;
  readonly subject: string;
}

const COLUMNS = sql`id, subject, session_id AS "sessionId", nonce, hash, confirmed_at IS NOT NULL AS "isConfirmed",
  used_at IS NOT NULL AS "isUsed",
  (extract(epoch FROM expires_at) * 1000)::float8 AS "expiresAtMs", expires_at > now() AS "isOpen"`;

/** Confirmations as they are now; those of an account do not change while it is locked, but for being confirmed. */
export function findConfirmations(db: Executor, ids: readonly string[]): Promise<Confirmation[]> {
  return db.query<Confirmation>(sql`SELECT ${COLUMNS} FROM confirmation WHERE id = ANY(${ids}::uuid[])`);
}

/** The same, locked: for who holds no account that stands for them. */
export async function lockConfirmation(tx: Executor, id: string): Promise<Confirmation | undefined> {
  const rows = await tx.query<Confirmation>(sql`SELECT ${COLUMNS} FROM confirmation WHERE id = ${id} FOR UPDATE`);
  return rows[0];
}

/** Keeps what a payer is asked to confirm. */
export function insertChallenge(tx: Executor, challenge: Challenge): Promise<unknown> {
  const { id, subject, sessionId, debitAccountId, nonce, hash, expiresAtMs } = challenge;
  const inserted = tx.execute(sql`
    INSERT INTO confirmation (id, subject, session_id, debit_account, nonce, hash, expires_at)
    VALUES (${id}, ${subject}, ${sessionId}, ${debitAccountId}, ${nonce}, ${hash},
      ${new Date(expiresAtMs).toISOString()})`);
  const bounded = tx.execute(sql`
    DELETE FROM confirmation WHERE id IN (
      SELECT id FROM confirmation WHERE subject = ${subject} AND confirmed_at IS NULL
      ORDER BY asked_at DESC, id DESC OFFSET ${OPEN_PER_PERSON_MAX})`);
  // Both are on their way before either is answered: a batch sends its commit after them without waiting.
  return Promise.all([inserted, bounded]);
}

/** Notes that a challenge was answered; false when it is over, or was answered before. */
export async function markConfirmed(tx: Executor, id: string): Promise<boolean> {
  const marked = await tx.execute(sql`
    UPDATE confirmation SET confirmed_at = now() WHERE id = ${id} AND confirmed_at IS NULL AND expires_at > now()`);
  return marked === 1;
}

/** Uses confirmations up; who decided it holds the lock that makes each the first. */
export function markUsed(tx: Executor, ids: readonly string[]): Promise<number> {
  return tx.execute(sql`UPDATE confirmation SET used_at = now() WHERE id = ANY(${ids}::uuid[])`);
}

/** How often people paid from accounts without confirming; nothing of those who never did. */
export function findExempted(db: Executor, payers: readonly PayerKey[]): Promise<ExemptedRow[]> {
  return db.query<ExemptedRow>(sql`
    SELECT e.account_id AS "accountId", e.subject, e.in_a_row::int AS "inARow", e.total AS "totalMinor"
    FROM unnest(${payers.map((p) => p.accountId)}::uuid[], ${payers.map((p) => p.subject)}::text[]) AS asked (id, subject)
    JOIN exempted_payment e ON e.account_id = asked.id AND e.subject = asked.subject`);
}

/** Writes the counts that a batch left, the last of each payer. */
export function putExempted(tx: Executor, changes: readonly ApprovalChange[]): Promise<number> {
  // What changes no count says nothing of it, whenever it comes.
  const counted = changes.flatMap(({ accountId, subject, exempted }) =>
    exempted === null ? [] : [{ accountId, subject, ...exempted }],
  );
  const rows = [...new Map(counted.map((row) => [`${row.accountId} ${row.subject}`, row])).values()];
  return tx.execute(sql`
    INSERT INTO exempted_payment (account_id, subject, in_a_row, total)
    SELECT * FROM unnest(${rows.map((r) => r.accountId)}::uuid[], ${rows.map((r) => r.subject)}::text[],
      ${rows.map((r) => r.inARow)}::smallint[], ${rows.map((r) => r.totalMinor)}::bigint[])
    ON CONFLICT (account_id, subject) DO UPDATE SET in_a_row = excluded.in_a_row, total = excluded.total`);
}

/** Deletes up to `rowsMax` that have been over for an hour; answers how many. */
export function purgeConfirmations(db: Executor, rowsMax: number): Promise<number> {
  return db.execute(sql`
    DELETE FROM confirmation WHERE id IN (
      SELECT id FROM confirmation WHERE expires_at < now() - interval '1 hour' ORDER BY expires_at LIMIT ${rowsMax})`);
}
