import { type Executor, sql } from '@florin/postgres';
import type { IsoDate } from '@florin/primitives';
import type { HistoryLine, Place } from '../domain/history.ts';
import type { Month } from '../domain/month.ts';
import type { Statement, VersionRange } from '../domain/statement.ts';
import { HISTORY_COLUMNS, type HistoryRow, lineOf } from './history.ts';

interface Row {
  account_id: string;
  sequence: number;
  period: Month;
  from_date: IsoDate;
  to_date: IsoDate;
  first_version: bigint;
  last_version: bigint;
  opening_minor: bigint;
  closing_minor: bigint;
  credits_minor: string;
  debits_minor: string;
  line_count: number;
  credit_count: number;
  iban: string;
  holder_name: string;
  account_name: string;
  currency: string;
  lines_sha256: string;
  frozen_at: Date;
}

const COLUMNS = sql`
  account_id, sequence, period, from_date, to_date, first_version, last_version, opening_minor, closing_minor,
  credits_minor, debits_minor, line_count, credit_count, iban, holder_name, account_name, currency, lines_sha256,
  frozen_at`;

export async function findStatement(db: Executor, accountId: string, period: Month): Promise<Statement | undefined> {
  const [row] = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM statement WHERE account_id = ${accountId} AND period = ${period}`);
  return row && statementOf(row);
}

/** Statements below a sequence number, newest first. */
export async function findStatements(
  db: Executor,
  accountId: string,
  page: { readonly before: number; readonly limit: number },
): Promise<Statement[]> {
  const rows = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM statement WHERE account_id = ${accountId} AND sequence < ${page.before}::bigint
    ORDER BY sequence DESC LIMIT ${page.limit}`);
  return rows.map(statementOf);
}

/** Writes a statement; does nothing when somebody else wrote the same one first. */
export async function insertStatement(db: Executor, statement: Statement): Promise<void> {
  await db.execute(sql`
    INSERT INTO statement (${COLUMNS})
    VALUES (${statement.accountId}, ${statement.sequence}, ${statement.period}, ${statement.from}, ${statement.to},
      ${statement.firstVersion}, ${statement.lastVersion}, ${statement.openingMinor}, ${statement.closingMinor},
      ${statement.creditsMinor}, ${statement.debitsMinor}, ${statement.lineCount}, ${statement.creditCount},
      ${statement.iban}, ${statement.holderName}, ${statement.accountName}, ${statement.currency},
      ${statement.linesSha256}, ${new Date(statement.frozenAtMs)})
    ON CONFLICT DO NOTHING`);
}

/** The first version of an account whose lines were booked at a moment or later, or one above all there are. */
export async function findVersionAt(db: Executor, accountId: string, atMs: number): Promise<number> {
  const [row] = await db.query<{ version: bigint }>(sql`
    SELECT history_version_at(${accountId}, ${new Date(atMs)}) AS version`);
  return Number(row?.version ?? 1n);
}

/** The lines of a stretch after a place, oldest first. */
export async function findLinesAfter(
  db: Executor,
  accountId: string,
  range: VersionRange,
  after: Place,
  limit: number,
): Promise<HistoryLine[]> {
  const rows = await db.query<HistoryRow>(sql`
    SELECT ${HISTORY_COLUMNS} FROM history
    WHERE account_id = ${accountId} AND (version, line) > (${after.version}::bigint, ${after.line}::integer)
      AND version BETWEEN ${range.firstVersion} AND ${range.lastVersion}
    ORDER BY version, line LIMIT ${limit}`);
  return rows.map(lineOf);
}

/** Up to where the read model has followed the ledger, and when the ledger closed the account. */
export interface Followed {
  readonly version: number;
  readonly closedAtMs: number | undefined;
}

export async function findFollowed(db: Executor, accountId: string): Promise<Followed> {
  const [row] = await db.query<{ version: bigint; closed_at: Date | null }>(sql`
    SELECT version, CASE WHEN status = 'closed' THEN changed_at END AS closed_at
    FROM balance WHERE account_id = ${accountId}`);
  return { version: Number(row?.version ?? 0n), closedAtMs: row?.closed_at?.getTime() };
}

/** One step of a walk over all accounts: those that lack a statement up to a day, and where the next step begins. */
export async function findAccountsDue(
  db: Executor,
  step: { readonly after: string; readonly limit: number; readonly to: IsoDate },
): Promise<{ readonly accountIds: readonly string[]; readonly last: string | null }> {
  const rows = await db.query<{ id: string; is_due: boolean }>(sql`
    SELECT account.id, account.status <> 'opening' AND account.opened_at < ${step.to}::date + 1
      AND coalesce(last.to_date, '-infinity')
        < least(${step.to}::date, CASE WHEN balance.status = 'closed' THEN balance.changed_at::date END) AS is_due
    FROM (SELECT id, status, opened_at FROM account WHERE id > ${step.after} ORDER BY id LIMIT ${step.limit}) AS account
    LEFT JOIN balance ON balance.account_id = account.id
    LEFT JOIN LATERAL (
      SELECT to_date FROM statement WHERE account_id = account.id ORDER BY sequence DESC LIMIT 1
    ) AS last ON true
    ORDER BY account.id`);
  return { accountIds: rows.filter((row) => row.is_due).map((row) => row.id), last: rows.at(-1)?.id ?? null };
}

function statementOf(row: Row): Statement {
  return {
    accountId: row.account_id,
    sequence: row.sequence,
    period: row.period,
    from: row.from_date,
    to: row.to_date,
    firstVersion: Number(row.first_version),
    lastVersion: Number(row.last_version),
    openingMinor: row.opening_minor,
    closingMinor: row.closing_minor,
    creditsMinor: BigInt(row.credits_minor),
    debitsMinor: BigInt(row.debits_minor),
    lineCount: row.line_count,
    creditCount: row.credit_count,
    iban: row.iban,
    holderName: row.holder_name,
    accountName: row.account_name,
    currency: row.currency,
    linesSha256: row.lines_sha256,
    frozenAtMs: row.frozen_at.getTime(),
  };
}
