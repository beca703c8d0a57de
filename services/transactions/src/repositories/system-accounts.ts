import { type Executor, sql } from '@florin/postgres';
import type { TrialLine } from '../domain/trial-balance.ts';

/** Registers the bank's own accounts the first time they are posted to. */
export function insertSystemAccounts(
  tx: Executor,
  accounts: readonly { readonly id: string; readonly code: string; readonly currency: string }[],
): Promise<number> {
  return tx.execute(sql`
    INSERT INTO system_account (id, code, currency)
    SELECT * FROM unnest(${accounts.map((a) => a.id)}::uuid[], ${accounts.map((a) => a.code)}::text[],
      ${accounts.map((a) => a.currency)}::text[])
    ON CONFLICT (id) DO NOTHING`);
}

/** The total of every system account and of all customer accounts, per currency: a trial balance. */
export function trialBalance(db: Executor): Promise<TrialLine[]> {
  return db.query(sql`
    SELECT code AS account, id AS "accountId", currency,
      (checkpoint_balance + COALESCE((
        SELECT sum(amount) FROM posting WHERE account_id = system_account.id AND id > checkpoint_posting_id), 0)
      )::bigint AS posted
    FROM system_account
    UNION ALL
    SELECT 'customer-accounts', NULL, currency, sum(posted)::bigint FROM account GROUP BY currency
    ORDER BY currency, account`);
}

/** Moves the checkpoints forward to a posting before which nothing can be added any more. */
export function advanceCheckpoints(tx: Executor, postingId: bigint): Promise<number> {
  return tx.execute(sql`
    UPDATE system_account SET
      checkpoint_balance = checkpoint_balance + COALESCE((
        SELECT sum(amount) FROM posting
        WHERE account_id = system_account.id AND id > checkpoint_posting_id AND id <= ${postingId}), 0),
      checkpoint_posting_id = ${postingId}
    WHERE checkpoint_posting_id < ${postingId}`);
}
