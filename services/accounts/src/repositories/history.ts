import { type Executor, emptySql, sql } from '@florin/postgres';
import type { IsoDate } from '@florin/primitives';
import type { NewLine } from '../domain/account-change.ts';
import type { Category } from '../domain/category.ts';
import type { HistoryFilter, HistoryLine, Place, VersionSpan } from '../domain/history.ts';
import { plainArray, textArray } from './array-literal.ts';

/** A line as these statements read it. */
export interface HistoryRow {
  version: bigint;
  line: number;
  journal_id: string;
  kind: string;
  amount_minor: bigint;
  balance_after_minor: bigint;
  counterparty_iban: string | null;
  counterparty_name: string | null;
  reference: string;
  booked_at: Date;
  value_date: string;
  category: Category;
}

export const HISTORY_COLUMNS = sql`
  version, line, journal_id, kind, amount_minor, balance_after_minor, counterparty_iban, counterparty_name, reference,
  booked_at, value_date, category`;

/** Adds lines; those that are there already stay. Sorted, so that two writers lock in one order. */
export async function insertHistory(tx: Executor, lines: readonly NewLine[]): Promise<void> {
  if (lines.length === 0) return;
  await tx.execute(sql`
    INSERT INTO history (account_id, version, line, journal_id, kind, amount_minor, balance_after_minor,
      counterparty_iban, counterparty_name, reference, booked_at, value_date, category)
    SELECT * FROM unnest(${plainArray(lines.map((line) => line.accountId))}::uuid[], ${plainArray(lines.map((line) => line.version))}::bigint[],
      ${plainArray(lines.map((line) => line.line))}::smallint[], ${plainArray(lines.map((line) => line.journalId))}::uuid[],
      ${textArray(lines.map((line) => line.kind))}::text[], ${plainArray(lines.map((line) => line.amountMinor))}::bigint[],
      ${plainArray(lines.map((line) => line.balanceAfterMinor))}::bigint[], ${textArray(lines.map((line) => line.counterpartyIban))}::text[],
      ${textArray(lines.map((line) => line.counterpartyName))}::text[], ${textArray(lines.map((line) => line.reference))}::text[],
      ${plainArray(lines.map((line) => line.bookedAt))}::timestamptz[], ${plainArray(lines.map((line) => line.valueDate))}::date[],
      ${plainArray(lines.map((line) => line.category))}::text[])
      AS t (account_id, version, line)
    ORDER BY account_id, version, line
    ON CONFLICT DO NOTHING`);
}

/** The line that a journal left on an account at a version. */
export async function findLine(
  db: Executor,
  accountId: string,
  { version, journalId }: { readonly version: number; readonly journalId: string },
): Promise<HistoryLine | undefined> {
  const [row] = await db.query<HistoryRow>(sql`
    SELECT ${HISTORY_COLUMNS} FROM history
    WHERE account_id = ${accountId} AND version = ${version} AND journal_id = ${journalId}`);
  return row && lineOf(row);
}

/** Above any version, and still a number when one is added to it. */
const LAST_VERSION = Number.MAX_SAFE_INTEGER - 1;

/**
 * The versions whose lines were booked on the days of a filter, so that neither what came after nor what went before is
 * looked at. Lines that the read model does not have yet may belong to the last day as well.
 */
export async function findBookedSpan(
  db: Executor,
  accountId: string,
  { from, to }: Pick<HistoryFilter, 'from' | 'to'>,
): Promise<VersionSpan> {
  if (from === undefined && to === undefined) return { first: 1, last: LAST_VERSION };
  const [row] = await db.query<{ first: bigint; past: bigint }>(sql`
    SELECT ${from === undefined ? sql`1::bigint` : sql`history_version_at(${accountId}, ${startOf(from)})`} AS first,
      ${to === undefined ? sql`${LAST_VERSION}::bigint + 1` : sql`history_version_at(${accountId}, ${endOf(to)})`} AS past`);
  return { first: Number(row?.first ?? 1), last: Number(row?.past ?? 1) - 1 };
}

function startOf(day: IsoDate) {
  return sql`${`${day}T00:00:00Z`}::timestamptz`;
}

function endOf(day: IsoDate) {
  return sql`${startOf(day)} + interval '24 hours'`;
}

/** A stretch of the history of an account: before a place, down to but not including a version. */
export interface Stretch {
  readonly before: Place;
  readonly afterVersion: number;
  readonly limit: number;
}

/** Lines of a stretch that pass the filter, newest first. */
export async function findHistory(
  db: Executor,
  accountId: string,
  stretch: Stretch,
  filter: HistoryFilter,
): Promise<HistoryLine[]> {
  const rows = await db.query<HistoryRow>(sql`
    SELECT ${HISTORY_COLUMNS} FROM history
    WHERE account_id = ${accountId} AND version > ${stretch.afterVersion}
      AND (version, line) < (${stretch.before.version}::bigint, ${stretch.before.line}::integer)
      ${bookedCondition(filter)} ${amountCondition(filter)} ${categoryCondition(filter)} ${textCondition(filter)}
    ORDER BY version DESC, line DESC LIMIT ${stretch.limit}`);
  return rows.map(lineOf);
}

function bookedCondition({ from, to }: HistoryFilter) {
  const first = from === undefined ? emptySql : sql`AND booked_at >= ${startOf(from)}`;
  const last = to === undefined ? emptySql : sql`AND booked_at < ${endOf(to)}`;
  return sql`${first} ${last}`;
}

function amountCondition(filter: HistoryFilter) {
  const direction =
    filter.direction === undefined
      ? emptySql
      : filter.direction === 'in'
        ? sql`AND amount_minor > 0`
        : sql`AND amount_minor < 0`;
  const least = filter.minMinor === undefined ? emptySql : sql`AND abs(amount_minor) >= ${filter.minMinor}`;
  const most = filter.maxMinor === undefined ? emptySql : sql`AND abs(amount_minor) <= ${filter.maxMinor}`;
  return sql`${direction} ${least} ${most}`;
}

function categoryCondition(filter: HistoryFilter) {
  return filter.category === undefined ? emptySql : sql`AND category = ${filter.category}`;
}

/** `strpos` rather than LIKE: what people search for may hold a percent sign. */
function textCondition(filter: HistoryFilter) {
  if (filter.text === undefined) return emptySql;
  const wanted = filter.text.toLowerCase();
  return sql`AND (strpos(lower(reference), ${wanted}) > 0 OR strpos(lower(counterparty_name), ${wanted}) > 0
    OR strpos(lower(counterparty_iban), ${wanted}) > 0)`;
}

export function lineOf(row: HistoryRow): HistoryLine {
  return {
    version: Number(row.version),
    line: row.line,
    journalId: row.journal_id,
    kind: row.kind,
    amountMinor: row.amount_minor,
    balanceAfterMinor: row.balance_after_minor,
    counterpartyIban: row.counterparty_iban,
    counterpartyName: row.counterparty_name,
    reference: row.reference,
    bookedAtMs: row.booked_at.getTime(),
    valueDate: row.value_date,
    category: row.category,
  };
}
