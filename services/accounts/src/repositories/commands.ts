import { type Executor, sql, type Tx } from '@florin/postgres';

/** What was asked under a key. `answer` is null while the work is under way on `accountId`, by a saga if there is one. */
export interface CommandRecord {
  readonly fingerprint: string;
  readonly accountId: string | null;
  readonly sagaId?: string | null;
  readonly answer: StoredAnswer | null;
}

/** An answer as it went out: the same bytes must come back. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

/** Names a command: who asked for what (scope) and the caller's key for it. */
export interface CommandKey {
  readonly scope: string;
  readonly key: string;
}

export async function findCommand(db: Executor, { scope, key }: CommandKey): Promise<CommandRecord | undefined> {
  const [row] = await db.query<{
    fingerprint: string;
    account_id: string | null;
    saga_id: string | null;
    status: number | null;
    body: string | null;
  }>(sql`SELECT fingerprint, account_id, saga_id, status, body FROM command WHERE scope = ${scope} AND key = ${key}`);
  if (row === undefined) return undefined;
  const answer = row.status === null || row.body === null ? null : { status: row.status, body: row.body };
  return { fingerprint: row.fingerprint, accountId: row.account_id, sagaId: row.saga_id, answer };
}

/** Takes a key into use; false when it is in use. Waits for a transaction that is just taking it. */
export async function insertCommand(tx: Tx, { scope, key }: CommandKey, record: CommandRecord): Promise<boolean> {
  const inserted = await tx.execute(sql`
    INSERT INTO command (scope, key, fingerprint, account_id, saga_id, status, body)
    VALUES (${scope}, ${key}, ${record.fingerprint}, ${record.accountId}, ${record.sagaId ?? null},
      ${record.answer?.status ?? null}, ${record.answer?.body ?? null})
    ON CONFLICT DO NOTHING`);
  return inserted === 1;
}

/** Writes the answer of the command that opened an account. */
export async function answerCommand(tx: Tx, accountId: string, answer: StoredAnswer): Promise<void> {
  await tx.execute(sql`
    UPDATE command SET status = ${answer.status}, body = ${answer.body}
    WHERE account_id = ${accountId} AND status IS NULL`);
}

/** Writes the answer of a key that has none; whoever is first decides what is answered from then on. */
export async function answerKey(db: Executor, { scope, key }: CommandKey, answer: StoredAnswer): Promise<void> {
  await db.execute(sql`
    UPDATE command SET status = ${answer.status}, body = ${answer.body}
    WHERE scope = ${scope} AND key = ${key} AND status IS NULL`);
}

/**
 * Keys are kept for two days, twice what callers are promised; a purge removes a bounded number at a time. One that nobody
 * came back for has no answer; its saga needs none.
 */
export function purgeCommands(db: Executor, rowsMax: number): Promise<number> {
  return db.execute(sql`
    DELETE FROM command WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM command
      WHERE (status IS NOT NULL OR saga_id IS NOT NULL) AND created_at < now() - interval '48 hours' LIMIT ${rowsMax}))`);
}
