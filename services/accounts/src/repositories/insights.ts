import { type Executor, sql } from '@florin/postgres';
import type { IsoDate } from '@florin/primitives';
import type { DayRange } from '../domain/calendar.ts';
import type { Category } from '../domain/category.ts';
import type { Closing } from '../domain/closing-balances.ts';
import type { ComparedMonths, SpendingSum } from '../domain/spending.ts';

/** A stretch of an account's history: the versions after one, up to and with another. */
export interface SummedAccount {
  readonly accountId: string;
  readonly currency: string;
  readonly afterVersion: number;
  readonly upToVersion: number;
}

interface SumRow {
  currency: string;
  is_month_before: boolean;
  is_spending: boolean;
  category: Category;
  sum_minor: string;
  count: bigint;
}

/**
 * What was received and spent in two months that follow each other, by currency and category, without what moved
 * between accounts with these IBANs. Reads the lines of the two months in these
 * stretches and no others.
 */
export async function sumSpending(
  db: Executor,
  accounts: readonly SummedAccount[],
  months: ComparedMonths,
  ownIbans: readonly string[],
): Promise<SpendingSum[]> {
  const rows = await db.query<SumRow>(sql`
    WITH span AS MATERIALIZED (
      SELECT account_id, currency,
        greatest(history_version_at(account_id, ${secondsOf(months.before.fromMs)}), after_version + 1) AS from_version,
        history_version_at(account_id, ${secondsOf(months.month.fromMs)}) AS month_version,
        least(history_version_at(account_id, ${secondsOf(months.month.untilMs)}), up_to_version + 1) AS until_version
      FROM unnest(${accounts.map((account) => account.accountId)}::uuid[],
        ${accounts.map((account) => account.currency)}::text[],
        ${accounts.map((account) => account.afterVersion)}::bigint[],
        ${accounts.map((account) => account.upToVersion)}::bigint[])
        AS t (account_id, currency, after_version, up_to_version)
    )
    SELECT currency, version < month_version AS is_month_before,
      (amount_minor < 0) <> (kind = 'reversal') AS is_spending, category, sum(amount_minor) AS sum_minor,
      count(*) FILTER (WHERE kind <> 'reversal') - count(*) FILTER (WHERE kind = 'reversal') AS count
    FROM span JOIN history USING (account_id)
    WHERE version >= from_version AND version < until_version
      AND (counterparty_iban IS NULL OR counterparty_iban <> ALL(${ownIbans}::text[]))
    GROUP BY 1, 2, 3, 4`);
  return rows.map((row) => ({
    currency: row.currency,
    isMonthBefore: row.is_month_before,
    isSpending: row.is_spending,
    category: row.category,
    sumMinor: BigInt(row.sum_minor),
    count: Number(row.count),
  }));
}

function secondsOf(ms: number) {
  return sql`to_timestamp(${ms / 1_000}::float8)`;
}

/** The closings of days that follow each other. */
export async function findClosings(db: Executor, accountId: string, days: DayRange): Promise<Closing[]> {
  const rows = await db.query<{ day: IsoDate; closing_minor: bigint }>(sql`
    SELECT day, closing_minor FROM history_closings(${accountId}, ${days.from}::date, ${days.to}::date) ORDER BY day`);
  return rows.map((row) => ({ date: row.day, postedMinor: row.closing_minor }));
}

/** When the first line of an account was booked; undefined without one. */
export async function firstBookedAtMs(db: Executor, accountId: string): Promise<number | undefined> {
  const [row] = await db.query<{ booked_at: Date }>(sql`
    SELECT booked_at FROM history WHERE account_id = ${accountId} ORDER BY version, line LIMIT 1`);
  return row?.booked_at.getTime();
}

/** When the newest line of any of these accounts was booked; undefined without one. */
export async function newestBookedAtMs(db: Executor, accountIds: readonly string[]): Promise<number | undefined> {
  const [row] = await db.query<{ booked_at: Date | null }>(sql`
    SELECT max(newest.booked_at) AS booked_at FROM unnest(${accountIds}::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
      SELECT booked_at FROM history WHERE account_id = wanted.id ORDER BY version DESC, line DESC LIMIT 1
    ) AS newest`);
  return row?.booked_at?.getTime();
}
