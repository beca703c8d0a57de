import { type Executor, sql } from '@florin/postgres';

/** Replaces all recovery codes of a person. */
export async function replaceRecoveryCodes(on: Executor, personId: string, hashes: readonly Buffer[]): Promise<void> {
  await deleteRecoveryCodes(on, personId);
  await on.execute(sql`
    INSERT INTO recovery_code (person_id, code_hash) SELECT ${personId}::uuid, unnest(${hashes}::bytea[])`);
}

/** Spends a code. Of any number of callers at once, one gets true. */
export async function spendRecoveryCode(on: Executor, personId: string, hash: Buffer): Promise<boolean> {
  const spent = await on.execute(sql`
    UPDATE recovery_code SET used_at = now()
     WHERE person_id = ${personId} AND code_hash = ${hash} AND used_at IS NULL`);
  return spent === 1;
}

export async function deleteRecoveryCodes(on: Executor, personId: string): Promise<void> {
  await on.execute(sql`DELETE FROM recovery_code WHERE person_id = ${personId}`);
}
