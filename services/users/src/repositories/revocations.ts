import { type Executor, sql, type Tx } from '@florin/postgres';
import type { Revocation } from '../domain/revocation.ts';

/** Writes down what was revoked, in the order given. */
export async function insertRevocations(tx: Tx, revocations: readonly Revocation[]): Promise<void> {
  await tx.execute(sql`
    INSERT INTO revocation (person_id, sign_in_id, not_before_seconds)
    SELECT * FROM unnest(
      ${revocations.map((one) => one.userId)}::uuid[],
      ${revocations.map((one) => one.sessionId ?? null)}::text[],
      ${revocations.map((one) => one.notBefore)}::bigint[])`);
}

interface Row {
  readonly id: bigint;
  readonly userId: string;
  readonly notBefore: bigint;
  readonly sessionId: string | null;
}

/** What was revoked in the last `memorySeconds` by the database's clock, after a row, the oldest first, and the last row of it. */
export async function findRevocations(
  on: Executor,
  afterId: bigint,
  limit: number,
  memorySeconds: number,
): Promise<{ readonly revocations: readonly Revocation[]; readonly lastId: bigint | undefined }> {
  const rows = await on.query<Row>(sql`
    SELECT id, person_id AS "userId", sign_in_id AS "sessionId", not_before_seconds AS "notBefore"
      FROM revocation
     WHERE id > ${afterId} AND recorded_at > now() - make_interval(secs => ${memorySeconds})
     ORDER BY id LIMIT ${limit}`);
  const revocations = rows.map(({ userId, notBefore, sessionId }) => ({
    userId,
    notBefore: Number(notBefore),
    ...(sessionId === null ? {} : { sessionId }),
  }));
  return { revocations, lastId: rows.at(-1)?.id };
}

/** Deletes up to `limit` rows that are older than `memorySeconds`; answers how many. */
export function purgeRevocations(on: Executor, memorySeconds: number, limit: number): Promise<number> {
  return on.execute(sql`
    DELETE FROM revocation WHERE id IN (
      SELECT id FROM revocation WHERE recorded_at <= now() - make_interval(secs => ${memorySeconds})
       ORDER BY recorded_at LIMIT ${limit})`);
}
