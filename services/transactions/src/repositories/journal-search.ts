import { type Executor, emptySql, joinSql, type Statement, sql } from '@florin/postgres';
import { isUuid } from '@florin/primitives';
import type { JournalKind } from '../domain/journal.ts';
import type { JournalFilter } from '../domain/journal-search.ts';

/** A journal as the books have it, with what it is linked to. */
export interface BookedJournal {
  readonly id: string;
  readonly kind: JournalKind;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly actor: string;
  readonly bookedAt: Date;
  readonly valueDate: string;
  readonly businessDate: string;
  readonly parentId: string | null;
  readonly reversalOf: string | null;
  readonly reversedBy: string | null;
  readonly reason: string | null;
}

/** A journal and where it stands on a walk. */
export interface PlacedJournal {
  readonly place: string;
  readonly journal: BookedJournal;
}

/** A journal on a walk, and where it stands there. */
export interface Landmark {
  readonly place: string;
  readonly journalId: string;
}

/** Part of a walk: places from `from` on, up to but not including `before`. */
export interface Stretch {
  readonly from: string;
  readonly before: string;
}

/**
 * A way through the books from the newest journal back. A place on it is a text; the whole ledger is walked by the ids
 * of journals, one account by the ids of its postings, so each goes by a primary key that is there anyway.
 */
export interface Walk {
  /** The stretch that holds everything. */
  readonly whole: Stretch;
  /** How many journals one page of a search looks through, so that a rare word can not make it read everything. */
  readonly searchedMax: number;
  isPlace(text: string): boolean;
  /** A place such that nothing before it was booked at this moment or later; see `journal_id_at` for how exact. */
  placeAt(atMs: number): Promise<string>;
  /** The last of so many journals of a stretch, from its newest back; undefined when it has fewer. */
  placeOf(stretch: Stretch, count: number): Promise<Landmark | undefined>;
  /** A place such that what comes before it begins with this one. */
  justAbove(place: string): string;
  /** Looks through the newest journals of a stretch, `searched` of them, for those that pass the filter. */
  find(stretch: Stretch, filter: JournalFilter, most: { limit: number; searched: number }): Promise<PlacedJournal[]>;
}

interface Row {
  place: string;
  id: string;
  kind: JournalKind;
  debit_account: string;
  credit_account: string;
  amount: bigint;
  currency: string;
  reference: string;
  actor: string;
  booked_at: Date;
  value_date: string;
  business_date: string;
  parent_id: string | null;
  reversal_of: string | null;
  reversed_by: string | null;
  reason: string | null;
}

const COLUMNS = sql`journal.id, kind, debit_account, credit_account, amount, currency, reference, actor, booked_at,
  value_date, business_date, parent_id, reversal_of, reason,
  (SELECT later.id FROM journal AS later WHERE later.reversal_of = journal.id) AS reversed_by`;

/** Read one after the other, about twenty to a page of the database. */
const LEDGER_SEARCHED_MAX = 10_000;
/** Each is looked up on its own. */
const ACCOUNT_SEARCHED_MAX = 2_000;

// A search first cuts its stretch off and then applies the filter. Were they one step, the planner might look for a
// rare date or kind from the other end, through the whole ledger.

/** By the ids of journals, which begin with the time they were made. */
export function ledgerWalk(db: Executor): Walk {
  return {
    whole: { from: '00000000-0000-0000-0000-000000000000', before: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
    searchedMax: LEDGER_SEARCHED_MAX,
    isPlace: isUuid,
    async placeAt(atMs) {
      const [row] = await db.query<{ place: string }>(sql`SELECT journal_id_at(${momentOf(atMs)}) AS place`);
      return row?.place ?? this.whole.before;
    },
    async placeOf({ from, before }, count) {
      const [row] = await db.query<Landmark>(sql`
        SELECT id AS place, id AS "journalId" FROM journal WHERE id >= ${from} AND id < ${before}
        ORDER BY id DESC LIMIT 1 OFFSET ${count - 1}`);
      return row;
    },
    justAbove: (place) => nextUuid(place),
    async find({ from, before }, filter, { limit, searched }) {
      const rows = await db.query<Row>(sql`
        SELECT journal.id AS place, ${COLUMNS}
        FROM (
          SELECT * FROM journal WHERE id >= ${from} AND id < ${before} ORDER BY id DESC LIMIT ${searched}
        ) AS journal
        ${conditionsOf(filter)} ORDER BY journal.id DESC LIMIT ${limit}`);
      return rows.map(placed);
    },
  };
}

/**
 * By the ids of the postings of one account. A reversal that found nothing to take from an account has no posting on
 * it, and is not on this walk; the journal it reverses is, and names it.
 */
export function accountWalk(db: Executor, accountId: string): Walk {
  return {
    whole: { from: '0', before: '9223372036854775807' },
    searchedMax: ACCOUNT_SEARCHED_MAX,
    isPlace: (text) => /^\d{1,18}$/.test(text),
    async placeAt(atMs) {
      // Postings have no time. Those of the first journal after the moment are where this account's are divided too.
      const [row] = await db.query<{ place: bigint }>(sql`
        SELECT id AS place FROM posting WHERE journal_id = (
          SELECT id FROM journal WHERE id >= (SELECT journal_id_at(${momentOf(atMs)})) ORDER BY id LIMIT 1)
        ORDER BY id LIMIT 1`);
      return row?.place.toString() ?? this.whole.before;
    },
    async placeOf({ from, before }, count) {
      const [row] = await db.query<Landmark>(sql`
        SELECT id::text AS place, journal_id AS "journalId" FROM posting
        WHERE account_id = ${accountId} AND id >= ${from} AND id < ${before}
        ORDER BY posting.id DESC LIMIT 1 OFFSET ${count - 1}`);
      return row;
    },
    justAbove: (place) => (BigInt(place) + 1n).toString(),
    async find({ from, before }, filter, { limit, searched }) {
      const rows = await db.query<Row>(sql`
        SELECT place::text, ${COLUMNS}
        FROM (
          SELECT id AS place, journal_id FROM posting
          WHERE account_id = ${accountId} AND id >= ${from} AND id < ${before} ORDER BY id DESC LIMIT ${searched}
        ) AS posting
        JOIN journal ON journal.id = journal_id
        ${conditionsOf(filter)} ORDER BY posting.place DESC LIMIT ${limit}`);
      return rows.map(placed);
    },
  };
}

/** The first UUID after one, in the order the database has them in. */
function nextUuid(id: string): string {
  const digits = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** One journal. */
export async function findBookedJournal(db: Executor, id: string): Promise<BookedJournal | undefined> {
  const [row] = await db.query<Row>(sql`SELECT '' AS place, ${COLUMNS} FROM journal WHERE id = ${id}`);
  return row === undefined ? undefined : placed(row).journal;
}

/** A transfer has one fee. More children than this would be a defect, and no reason to read them all. */
const CHILDREN_MAX = 100;

/** The journals that were booked for another one, such as the fee of a transfer. */
export async function findChildren(db: Executor, parentId: string): Promise<BookedJournal[]> {
  const rows = await db.query<Row>(sql`
    SELECT '' AS place, ${COLUMNS} FROM journal WHERE parent_id = ${parentId} ORDER BY id LIMIT ${CHILDREN_MAX}`);
  return rows.map((row) => placed(row).journal);
}

/** A posting as its journal lists it. */
export interface JournalPosting {
  readonly accountId: string;
  readonly amountMinor: bigint;
  /** Null on the bank's own accounts. */
  readonly balanceAfterMinor: bigint | null;
}

/** The postings of a journal, in the order they were booked. */
export function findPostingsOf(db: Executor, journalId: string): Promise<JournalPosting[]> {
  return db.query(sql`
    SELECT account_id AS "accountId", amount AS "amountMinor", balance_after AS "balanceAfterMinor"
    FROM posting WHERE journal_id = ${journalId} ORDER BY id`);
}

/** `strpos` rather than LIKE: what people search for may hold a percent sign. */
function conditionsOf(filter: JournalFilter): Statement {
  const conditions: Statement[] = [];
  if (filter.kind !== undefined) conditions.push(sql`kind = ${filter.kind}`);
  if (filter.text !== undefined) conditions.push(sql`strpos(lower(reference), ${filter.text}) > 0`);
  if (filter.bookedFromMs !== undefined) conditions.push(sql`booked_at >= ${momentOf(filter.bookedFromMs)}`);
  if (filter.bookedBeforeMs !== undefined) conditions.push(sql`booked_at < ${momentOf(filter.bookedBeforeMs)}`);
  return conditions.length === 0 ? emptySql : sql`WHERE ${joinSql(conditions, ' AND ')}`;
}

/** A number rather than a text: the day after 9999-12-31 has no text that the database reads. */
function momentOf(atMs: number): Statement {
  return sql`to_timestamp(${atMs}::bigint / 1000.0)`;
}

function placed(row: Row): PlacedJournal {
  return {
    place: row.place,
    journal: {
      id: row.id,
      kind: row.kind,
      debitAccountId: row.debit_account,
      creditAccountId: row.credit_account,
      amountMinor: row.amount,
      currency: row.currency,
      reference: row.reference,
      actor: row.actor,
      bookedAt: row.booked_at,
      valueDate: row.value_date,
      businessDate: row.business_date,
      parentId: row.parent_id,
      reversalOf: row.reversal_of,
      reversedBy: row.reversed_by,
      reason: row.reason,
    },
  };
}
