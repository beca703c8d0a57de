import { type Executor, sql } from '@florin/postgres';
import type { Journal, JournalKind } from '../domain/journal.ts';
import type { JournalFacts } from '../domain/ledger-view.ts';

/** A journal as it is read back. */
export interface JournalRecord {
  readonly id: string;
  readonly kind: JournalKind;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly bookedAt: Date;
  readonly valueDate: string;
  readonly reversalOf: string | null;
  readonly reason: string | null;
  readonly feeMinor: bigint | null;
  readonly isReversed: boolean;
  /** Its other account is in another shard's books. */
  readonly isHalf: boolean;
}

/** Adds journals. */
export function insertJournals(tx: Executor, journals: readonly Journal[]): Promise<number> {
  return tx.execute(sql`
    INSERT INTO journal (id, kind, debit_account, credit_account, amount, currency, reference, actor, booked_at,
      value_date, business_date, parent_id, reversal_of, reason, other_iban, other_name)
    SELECT * FROM unnest(
      ${journals.map((j) => j.id)}::uuid[], ${journals.map((j) => j.kind)}::text[],
      ${journals.map((j) => j.debitAccountId)}::uuid[], ${journals.map((j) => j.creditAccountId)}::uuid[],
      ${journals.map((j) => j.amountMinor)}::bigint[], ${journals.map((j) => j.currency)}::text[],
      ${journals.map((j) => j.reference)}::text[], ${journals.map((j) => j.actor)}::text[],
      ${journals.map((j) => new Date(j.bookedAtMs).toISOString())}::timestamptz[],
      ${journals.map((j) => j.valueDate)}::date[], ${journals.map((j) => j.businessDate)}::date[],
      ${journals.map((j) => j.parentId)}::uuid[], ${journals.map((j) => j.reversalOf)}::uuid[],
      ${journals.map((j) => j.reason)}::text[], ${journals.map((j) => j.otherParty?.iban ?? null)}::text[],
      ${journals.map((j) => j.otherParty?.name ?? null)}::text[])`);
}

/** Adds the postings of journals in one statement, so that the balance trigger sees each journal whole. */
export function insertPostings(tx: Executor, journals: readonly Journal[]): Promise<number> {
  const accountIds: string[] = [];
  const journalIds: string[] = [];
  const amounts: bigint[] = [];
  const currencies: string[] = [];
  const balances: (bigint | null)[] = [];
  const versions: (number | null)[] = [];
  for (const journal of journals) {
    for (const posting of journal.postings) {
      accountIds.push(posting.accountId);
      journalIds.push(journal.id);
      amounts.push(posting.amountMinor);
      currencies.push(journal.currency);
      balances.push(posting.balanceAfterMinor);
      versions.push(posting.version);
    }
  }
  return tx.execute(sql`
    INSERT INTO posting (account_id, journal_id, amount, currency, balance_after, version)
    SELECT * FROM unnest(${accountIds}::uuid[], ${journalIds}::uuid[], ${amounts}::bigint[], ${currencies}::text[],
      ${balances}::bigint[], ${versions}::bigint[])`);
}

interface FactsRow {
  id: string;
  kind: JournalKind;
  debit_account: string;
  credit_account: string;
  amount: bigint;
  currency: string;
  reference: string;
  is_reversed: boolean;
  is_half: boolean;
  claimed_by: string | null;
  refused_actors: string[];
}

/** What a reversal is decided over; read after the accounts are locked, so `isReversed` can not change any more. */
export async function loadJournalFacts(tx: Executor, ids: readonly string[]): Promise<JournalFacts[]> {
  const rows = await tx.query<FactsRow>(sql`
    SELECT id, kind, debit_account, credit_account, amount, currency, reference,
      -- Not EXISTS: for a list of journals the planner would rather hash every reversal there ever was.
      (SELECT later.id FROM journal AS later WHERE later.reversal_of = journal.id) IS NOT NULL AS is_reversed,
      other_iban IS NOT NULL AS is_half,
      (SELECT saga_id FROM reversal_claim WHERE journal_id = journal.id) AS claimed_by,
      ARRAY(SELECT actor FROM refused_reversal WHERE journal_id = journal.id) AS refused_actors
    FROM journal WHERE id = ANY(${ids}::uuid[])`);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    debitAccountId: row.debit_account,
    creditAccountId: row.credit_account,
    amountMinor: row.amount,
    currency: row.currency,
    reference: row.reference,
    isReversed: row.is_reversed,
    isHalf: row.is_half,
    claimedBy: row.claimed_by,
    refusedReversalActors: row.refused_actors,
  }));
}

/** Remembers who was refused a reversal, so that somebody else may force it. */
export function insertRefusedReversal(
  tx: Executor,
  refused: { readonly journalId: string; readonly actor: string; readonly reason: string; readonly atMs: number },
): Promise<number> {
  return tx.execute(sql`
    INSERT INTO refused_reversal (journal_id, actor, reason, refused_at)
    VALUES (${refused.journalId}, ${refused.actor}, ${refused.reason}, ${new Date(refused.atMs).toISOString()})
    ON CONFLICT (journal_id, actor) DO NOTHING`);
}

interface RecordRow {
  id: string;
  kind: JournalKind;
  debit_account: string;
  credit_account: string;
  amount: bigint;
  currency: string;
  reference: string;
  booked_at: Date;
  value_date: string;
  reversal_of: string | null;
  reason: string | null;
  fee: bigint | null;
  is_reversed: boolean;
  is_half: boolean;
}

/** One journal with what became of it and the fee that was charged for it. */
export async function findJournal(db: Executor, id: string): Promise<JournalRecord | undefined> {
  const rows = await db.query<RecordRow>(sql`
    SELECT id, kind, debit_account, credit_account, amount, currency, reference, booked_at, value_date, reversal_of,
      reason,
      (SELECT fee.amount FROM journal AS fee WHERE fee.parent_id = journal.id AND fee.kind = 'fee') AS fee,
      EXISTS (SELECT FROM journal AS later WHERE later.reversal_of = journal.id) AS is_reversed,
      other_iban IS NOT NULL AS is_half
    FROM journal WHERE id = ${id}`);
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    id: row.id,
    kind: row.kind,
    debitAccountId: row.debit_account,
    creditAccountId: row.credit_account,
    amountMinor: row.amount,
    currency: row.currency,
    reference: row.reference,
    bookedAt: row.booked_at,
    valueDate: row.value_date,
    reversalOf: row.reversal_of,
    reason: row.reason,
    feeMinor: row.fee,
    isReversed: row.is_reversed,
    isHalf: row.is_half,
  };
}
