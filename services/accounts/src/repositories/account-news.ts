import { type Executor, sql } from '@florin/postgres';
import { type AccountNews, NEWS_LINES_MAX, type WantedNews } from '../domain/account-news.ts';
import { HISTORY_COLUMNS, type HistoryRow, lineOf } from './history.ts';

/** The version of every account of these customers that the read model knows, by customer and account. */
export async function findOwnedVersions(
  db: Executor,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const rows = await db.query<{ customer_id: string; account_id: string; version: bigint }>(sql`
    SELECT customer_id, account_id, version FROM account_owner JOIN balance USING (account_id)
    WHERE customer_id = ANY(${customerIds}::text[]) ORDER BY customer_id, account_id`);
  const owned = new Map<string, Map<string, number>>();
  for (const { customer_id: customerId, account_id: accountId, version } of rows) {
    const known = owned.get(customerId) ?? new Map<string, number>();
    owned.set(customerId, known.set(accountId, Number(version)));
  }
  return owned;
}

interface NewsRow extends Omit<HistoryRow, 'version'> {
  place: bigint;
  currency: string;
  status: string;
  balance_version: bigint;
  posted_minor: bigint;
  held_minor: bigint;
  overdraft_minor: bigint;
  /** Null when a change left no line. */
  version: bigint | null;
}

/**
 * What is new, in the order it was wanted; undefined where nothing is, or where the account is not the customer's. One
 * statement, so that balance and lines are of one moment.
 */
export async function findAccountNews(
  db: Executor,
  wanted: readonly WantedNews[],
): Promise<(AccountNews | undefined)[]> {
  const rows = await db.query<NewsRow>(sql`
    SELECT place, balance.currency, balance.status, balance.version AS balance_version, posted_minor, held_minor,
      overdraft_minor, new_line.*
    FROM unnest(${wanted.map((each) => each.customerId)}::text[], ${wanted.map((each) => each.accountId)}::uuid[],
      ${wanted.map((each) => each.afterVersion)}::bigint[])
      WITH ORDINALITY AS wanted (customer_id, account_id, after_version, place)
    JOIN account_owner USING (account_id, customer_id)
    JOIN balance ON balance.account_id = wanted.account_id AND balance.version > after_version
    LEFT JOIN LATERAL (
      SELECT ${HISTORY_COLUMNS} FROM history
      WHERE history.account_id = wanted.account_id AND version > after_version AND version <= balance.version
      ORDER BY version DESC, line DESC LIMIT ${NEWS_LINES_MAX + 1}
    ) AS new_line ON true
    ORDER BY place, new_line.version DESC, new_line.line DESC`);
  const byPlace = Map.groupBy(rows, (row) => Number(row.place) - 1);
  return wanted.map(({ accountId }, place) => newsOf(accountId, byPlace.get(place) ?? []));
}

function newsOf(accountId: string, rows: readonly NewsRow[]): AccountNews | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const lines = rows.flatMap(({ version, ...row }) => (version === null ? [] : lineOf({ ...row, version })));
  return {
    accountId,
    currency: first.currency,
    status: first.status,
    balance: {
      version: Number(first.balance_version),
      postedMinor: first.posted_minor,
      heldMinor: first.held_minor,
      overdraftMinor: first.overdraft_minor,
    },
    lines: lines.slice(0, NEWS_LINES_MAX),
    hasMore: lines.length > NEWS_LINES_MAX,
  };
}
