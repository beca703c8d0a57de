import { type Executor, sql } from '@florin/postgres';
import type { JournalKind } from '../domain/journal.ts';

/** A posting of a customer account with what its journal says about it. */
export interface PostingRecord {
  readonly id: bigint;
  readonly version: number;
  readonly journalId: string;
  readonly kind: JournalKind;
  readonly amountMinor: bigint;
  readonly balanceAfterMinor: bigint;
  readonly counterpartyAccountId: string;
  readonly counterpartyIban: string | null;
  readonly counterpartyName: string | null;
  readonly reference: string;
  readonly bookedAt: Date;
  readonly valueDate: string;
}

interface Row {
  id: bigint;
  version: bigint;
  journal_id: string;
  kind: JournalKind;
  amount: bigint;
  balance_after: bigint;
  counterparty_id: string;
  iban: string | null;
  holder_name: string | null;
  reference: string;
  booked_at: Date;
  value_date: string;
}

/** The largest value of a posting id: "from the newest on". */
const NEWEST = 9_223_372_036_854_775_807n;

/** Postings of an account before a posting id, newest first, down to but not including a version. */
export async function findPostings(
  db: Executor,
  accountId: string,
  page: { readonly limit: number; readonly before: bigint | null; readonly afterVersion: number },
): Promise<PostingRecord[]> {
  const rows = await db.query<Row>(sql`
    SELECT posting.id, posting.version, posting.journal_id, kind, posting.amount, balance_after, reference, booked_at,
      value_date, other.id AS counterparty_id,
      COALESCE(account.iban, other_iban) AS iban, COALESCE(account.holder_name, other_name) AS holder_name
    FROM posting
    JOIN journal ON journal.id = posting.journal_id
    CROSS JOIN LATERAL (
      SELECT CASE WHEN debit_account = posting.account_id THEN credit_account ELSE debit_account END AS id
    ) AS other
    LEFT JOIN account ON account.id = other.id
    WHERE posting.account_id = ${accountId} AND posting.id < ${page.before ?? NEWEST}
      AND posting.version > ${page.afterVersion}
    ORDER BY posting.id DESC LIMIT ${page.limit}`);
  return rows.map((row) => ({
    id: row.id,
    version: Number(row.version),
    journalId: row.journal_id,
    kind: row.kind,
    amountMinor: row.amount,
    balanceAfterMinor: row.balance_after,
    counterpartyAccountId: row.counterparty_id,
    counterpartyIban: row.iban,
    counterpartyName: row.holder_name,
    reference: row.reference,
    bookedAt: row.booked_at,
    valueDate: row.value_date,
  }));
}
