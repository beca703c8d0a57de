import { withClient } from '@florin/postgres';

/** Lines of one account. */
export const LINES = 100_000;
const DAYS = 3 * 365;
/** Lines of other accounts that were booked between two of these, so that an account's lines lie apart as they do in life. */
const OTHERS_BETWEEN = 9;
const OTHER_ACCOUNTS = 1_000;
/** Versions before the first line: what opening and paying in have used. */
export const FIRST_VERSION = 10;
/** Stands in five lines of an account. */
export const RARE_WORD = 'zeppelin';
/** Stands in every fifth line. */
export const FREQUENT_WORD = 'groceries';

/** Accounts with very long histories, written into the read model; the ledger knows nothing of them, and need not. */
export interface HistoryBooks {
  /** Booked evenly over three years, among a million lines of others. */
  readonly spread: string;
  /** Booked since the first of this month, all of them. */
  readonly crowded: readonly string[];
}

/** Fills the read model in a few statements: a hundred thousand transfers through the ledger would take minutes each. */
export async function writeHistoryBooks(serverUrl: string, books: HistoryBooks): Promise<void> {
  const url = new URL(serverUrl);
  url.pathname = '/florin_accounts';
  await withClient(url.href, async (client) => {
    const all = [books.spread, ...books.crowded];
    // What opening left there was booked today, which is after what follows.
    await client.query('DELETE FROM history WHERE account_id = ANY($1::uuid[])', [all]);
    await client.query(LINES_SQL, [
      books.spread,
      `${DAYS} days`,
      OTHERS_BETWEEN,
      `${'0'.repeat(8)}-0000-7000-8000-`,
      OTHER_ACCOUNTS,
    ]);
    await client.query(CROWDED_SQL, [books.crowded]);
    await client.query('UPDATE balance SET version = $2 WHERE account_id = ANY($1::uuid[])', [
      all,
      FIRST_VERSION + LINES,
    ]);
    await client.query('VACUUM ANALYZE history');
    await client.query('CHECKPOINT');
  });
}

const WORDS = `'{Groceries,Rent April,Coffee with friends,Train ticket,Electricity and water}'::text[]`;
const CATEGORIES = `'{groceries,housing,eating-out,transport,utilities}'::text[]`;
const COLUMNS = `account_id, version, line, journal_id, kind, amount_minor, balance_after_minor, counterparty_iban,
  counterparty_name, reference, category, booked_at, value_date`;

/** A line of its number `n`: mostly money out, now and then money in or something unusual. */
const FACTS = `0, gen_random_uuid(), 'transfer', CASE WHEN n % 10 = 0 THEN 250000 ELSE -(100 + n * 7919 % 20000) END,
  1000000 + n, 'NL' || lpad((n % 300)::text, 16, '0'), 'Counterparty ' || n % 300,
  CASE WHEN n % 20000 = 0 THEN '${RARE_WORD}' WHEN n % 1000 = 1 THEN 'Insurance' ELSE (${WORDS})[1 + n % 5] END
    || ' ' || n,
  CASE WHEN n % 1000 = 1 THEN 'insurance' ELSE (${CATEGORIES})[1 + n % 5] END`;

const LINES_SQL = `
  INSERT INTO history (${COLUMNS})
  SELECT account_id, ${FIRST_VERSION} + number, ${FACTS}, booked_at, booked_at::date
  FROM generate_series(1, ${LINES}) AS n, generate_series(0, $3::integer) AS other,
    LATERAL (SELECT
      CASE WHEN other = 0 THEN $1::uuid
        ELSE ($4 || lpad(((n * $3 + other) % $5)::text, 12, '0'))::uuid END AS account_id,
      CASE WHEN other = 0 THEN n ELSE n * $3 + other END AS number,
      now() - $2::interval * (1 - n / ${LINES}.0) AS booked_at) AS line
  ORDER BY n, other`;

const CROWDED_SQL = `
  INSERT INTO history (${COLUMNS})
  SELECT account_id, ${FIRST_VERSION} + n, ${FACTS}, booked_at, booked_at::date
  FROM generate_series(1, ${LINES}) AS n, unnest($1::uuid[]) AS account_id,
    LATERAL (SELECT date_trunc('month', now()) + (now() - date_trunc('month', now())) * (n / ${LINES}.0) AS booked_at)
      AS line
  ORDER BY n`;

/** Names of lines of an account, evenly over its history, as their ids are in the API. */
export async function someLineIds(serverUrl: string, accountId: string, count: number): Promise<string[]> {
  const url = new URL(serverUrl);
  url.pathname = '/florin_accounts';
  return withClient(url.href, async (client) => {
    const found = await client.query<{ id: string }>(
      `SELECT journal_id || CASE WHEN amount_minor < 0 THEN ':debit:' ELSE ':credit:' END || version AS id
       FROM history WHERE account_id = $1 AND version % $2 = 0`,
      [accountId, Math.floor(LINES / count)],
    );
    return found.rows.map((row) => row.id);
  });
}
