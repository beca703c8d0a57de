import { type Executor, sql } from '@florin/postgres';
import { type Factors, type SecondFactor, secondFactorsOf } from '../domain/factors.ts';
import type { Vault } from '../domain/vault.ts';
import { listPasskeys } from './passkeys.ts';

/** What somebody has set up. */
export async function findFactors(on: Executor, vault: Vault, personId: string): Promise<Factors> {
  const rows = await on.query<{ totpSince: Date | null; codesLeft: number }>(sql`
    SELECT (SELECT confirmed_at FROM totp_factor WHERE person_id = ${personId}) AS "totpSince",
           (SELECT count(*)::int FROM recovery_code WHERE person_id = ${personId} AND used_at IS NULL) AS "codesLeft"`);
  return {
    totpSinceMs: rows[0]?.totpSince?.getTime(),
    recoveryCodesLeft: rows[0]?.codesLeft ?? 0,
    passkeys: await listPasskeys(on, vault, personId),
  };
}

/** What may follow somebody's right password; empty when it is enough. */
export async function findSecondFactors(on: Executor, personId: string): Promise<readonly SecondFactor[]> {
  const rows = await on.query<{ hasTotp: boolean; hasPasskey: boolean; hasRecoveryCode: boolean }>(sql`
    SELECT EXISTS (SELECT FROM totp_factor WHERE person_id = ${personId} AND confirmed_at IS NOT NULL) AS "hasTotp",
           EXISTS (SELECT FROM passkey WHERE person_id = ${personId}) AS "hasPasskey",
           EXISTS (SELECT FROM recovery_code WHERE person_id = ${personId} AND used_at IS NULL) AS "hasRecoveryCode"`);
  return rows[0] === undefined ? [] : secondFactorsOf(rows[0]);
}

/** Holds changes of one person's factors in a row until the end of the transaction. False when there is no such person. */
export async function lockPerson(tx: Executor, personId: string): Promise<boolean> {
  const rows = await tx.query(sql`SELECT 1 FROM person WHERE id = ${personId} AND status = 'active' FOR UPDATE`);
  return rows.length === 1;
}
