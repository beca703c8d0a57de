import { type Executor, sql } from '@florin/postgres';

interface Claim {
  readonly journalId: string;
  readonly sagaId: string;
}

/** Writes which sagas take which transfers back; a transfer that has one already is a unique violation. */
export function insertReversalClaims(tx: Executor, claims: readonly Claim[]): Promise<number> {
  return tx.execute(sql`
    INSERT INTO reversal_claim (journal_id, saga_id)
    SELECT * FROM unnest(${claims.map((c) => c.journalId)}::uuid[], ${claims.map((c) => c.sagaId)}::uuid[])`);
}

/** Gives claims up; one of another saga stays. */
export function deleteReversalClaims(tx: Executor, claims: readonly Claim[]): Promise<number> {
  return tx.execute(sql`
    DELETE FROM reversal_claim USING unnest(
      ${claims.map((c) => c.journalId)}::uuid[], ${claims.map((c) => c.sagaId)}::uuid[]) AS gone (journal_id, saga_id)
    WHERE reversal_claim.journal_id = gone.journal_id AND reversal_claim.saga_id = gone.saga_id`);
}
