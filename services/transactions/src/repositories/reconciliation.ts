import { type Executor, sql } from '@florin/postgres';
import { advanceCheckpoints } from './system-accounts.ts';

/** Something in the books that does not add up. */
export interface Finding {
  readonly check: string;
  readonly subject: string;
  readonly detail: string;
}

/** The first hundred say enough; a ledger that is off in more places is off everywhere. */
const FINDINGS_MAX = 100;

/** The highest posting id below which no posting can appear any more; see `freeze_posting_id` in the migration. */
export async function freezePostingId(db: Executor): Promise<bigint> {
  const rows = await db.query<{ id: bigint }>(sql`SELECT freeze_posting_id() AS id`);
  return rows[0]?.id ?? 0n;
}

/** The posting up to which the books were proven last. */
export async function readCheckpoint(tx: Executor): Promise<bigint> {
  const rows = await tx.query<{ posting_id: bigint }>(sql`SELECT posting_id FROM reconciliation_checkpoint`);
  return rows[0]?.posting_id ?? 0n;
}

export async function countChecked(
  tx: Executor,
  after: bigint,
  upTo: bigint,
): Promise<{ checkedAccounts: number; checkedPostings: number }> {
  const rows = await tx.query<{ accounts: bigint; postings: bigint }>(sql`
    SELECT count(DISTINCT account_id) AS accounts, count(*) AS postings
    FROM posting WHERE id > ${after} AND id <= ${upTo}`);
  return { checkedAccounts: Number(rows[0]?.accounts ?? 0n), checkedPostings: Number(rows[0]?.postings ?? 0n) };
}

/** Everything that does not add up among the postings after `after`; in `full` mode among all. */
export async function findFindings(tx: Executor, after: bigint, mode: 'incremental' | 'full'): Promise<Finding[]> {
  const findings = [
    ...(await unbalancedJournals(tx, after)),
    ...(await brokenChains(tx, after)),
    ...(await wrongHeld(tx)),
    ...(mode === 'full' ? await wrongTotals(tx) : []),
    ...(await bankNotZero(tx)),
  ];
  return findings.slice(0, FINDINGS_MAX);
}

function unbalancedJournals(tx: Executor, after: bigint): Promise<Finding[]> {
  return tx.query<Finding>(sql`
    SELECT 'journal-sums-to-zero' AS check, journal_id::text AS subject, currency || ' ' || sum(amount) AS detail
    FROM posting WHERE id > ${after}
    GROUP BY journal_id, currency HAVING sum(amount) <> 0 LIMIT ${FINDINGS_MAX}`);
}

/**
 * Every posting's balance is the one before it plus its amount, and the account's balance is that of its last one.
 * This proves a balance from the checkpoint on without summing what was proven before.
 */
function brokenChains(tx: Executor, after: bigint): Promise<Finding[]> {
  return tx.query<Finding>(sql`
    WITH touched AS (
      SELECT DISTINCT account_id FROM posting WHERE id > ${after} AND version IS NOT NULL
    ), chain AS (
      SELECT posting.account_id, posting.id, amount, balance_after,
        lag(balance_after) OVER (PARTITION BY posting.account_id ORDER BY posting.id) AS before,
        row_number() OVER (PARTITION BY posting.account_id ORDER BY posting.id DESC) AS from_end
      FROM posting JOIN touched ON touched.account_id = posting.account_id
      WHERE posting.id > ${after} OR posting.id = (
        SELECT max(earlier.id) FROM posting AS earlier
        WHERE earlier.account_id = posting.account_id AND earlier.id <= ${after})
    )
    SELECT 'balance-follows-postings' AS check, account_id::text AS subject, 'posting ' || chain.id AS detail
    FROM chain
    WHERE id > ${after} AND balance_after <> COALESCE(before, 0) + amount
    UNION ALL
    SELECT 'balance-is-last-posting', account.id::text, 'posting ' || chain.id
    FROM chain JOIN account ON account.id = chain.account_id
    WHERE from_end = 1 AND balance_after <> posted
    LIMIT ${FINDINGS_MAX}`);
}

function wrongHeld(tx: Executor): Promise<Finding[]> {
  return tx.query<Finding>(sql`
    WITH open_holds AS (SELECT account_id, sum(amount) AS amount FROM hold WHERE status = 'open' GROUP BY account_id)
    SELECT 'held-is-open-holds' AS check, account.id::text AS subject,
      'held ' || held || ', holds ' || COALESCE(amount, 0) AS detail
    FROM account LEFT JOIN open_holds ON account_id = account.id
    WHERE held <> COALESCE(amount, 0) LIMIT ${FINDINGS_MAX}`);
}

function wrongTotals(tx: Executor): Promise<Finding[]> {
  return tx.query<Finding>(sql`
    WITH totals AS (SELECT account_id, sum(amount) AS amount FROM posting GROUP BY account_id)
    SELECT 'balance-is-sum-of-postings' AS check, account.id::text AS subject,
      'posted ' || posted || ', postings ' || COALESCE(amount, 0) AS detail
    FROM account LEFT JOIN totals ON account_id = account.id
    WHERE posted <> COALESCE(amount, 0) LIMIT ${FINDINGS_MAX}`);
}

/** What customers have plus what the bank has is nothing, per currency: money moved and was never made. */
function bankNotZero(tx: Executor): Promise<Finding[]> {
  return tx.query<Finding>(sql`
    WITH balances AS (
      SELECT currency, posted AS amount FROM account
      UNION ALL
      SELECT currency, checkpoint_balance + COALESCE((
        SELECT sum(amount) FROM posting WHERE account_id = system_account.id AND id > checkpoint_posting_id), 0)
      FROM system_account
    )
    SELECT 'all-balances-are-zero' AS check, currency AS subject, sum(amount)::text AS detail
    FROM balances GROUP BY currency HAVING sum(amount) <> 0 LIMIT ${FINDINGS_MAX}`);
}

/** Moves the proof and the system accounts' checkpoints forward together. */
export async function advanceCheckpoint(tx: Executor, upTo: bigint): Promise<void> {
  await tx.execute(sql`
    UPDATE reconciliation_checkpoint SET posting_id = ${upTo} WHERE posting_id < ${upTo}`);
  await advanceCheckpoints(tx, upTo);
}
